// A virtual display with a session bus, for machines that have none.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/**
 * Starts Xvfb on a free number. Resolves to the environment that programs need, and `stop`.
 * @param {string} size such as `1920x1080`
 */
export async function virtualDisplay(size = '1920x1080') {
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [line] = await Promise.race([
    once(xvfb.stdio[3], 'data'),
    once(xvfb, 'error').then(([problem]) => Promise.reject(problem)),
    once(xvfb, 'exit').then(() => Promise.reject(new Error('Xvfb ended at once'))),
  ]);
  const runtime = mkdtempSync(join(tmpdir(), 'panfloor-run-'));
  const env = {
    DISPLAY: `:${String(line).trim()}`,
    WAYLAND_DISPLAY: '',
    GDK_BACKEND: 'x11',
    XDG_RUNTIME_DIR: runtime,
    NO_AT_BRIDGE: '1',
    LIBGL_ALWAYS_SOFTWARE: '1',
  };
  return {
    env,
    async stop() {
      if (xvfb.exitCode === null && xvfb.signalCode === null) {
        xvfb.kill();
        await once(xvfb, 'exit');
      }
      rmSync(runtime, { recursive: true, force: true });
    },
  };
}
