// A virtual display, and a session bus of its own if asked for.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** A bus that starts no services: no keyring asks for a password, and nothing of the user's own desktop is reached. */
const BUS = `<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`;

async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

async function sessionBus(folder) {
  const config = join(folder, 'bus.conf');
  writeFileSync(config, BUS);
  const bus = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [address] = await Promise.race([
    once(bus.stdout, 'data'),
    once(bus, 'error').then(([problem]) => Promise.reject(problem)),
    once(bus, 'exit').then(() => Promise.reject(new Error('dbus-daemon ended at once'))),
  ]);
  return { address: String(address).trim(), stop: () => ended(bus) };
}

/**
 * Starts Xvfb on a free number. Resolves to the environment that programs need, and `stop`. Without `bus` no session bus
 * is reached, the user's own neither: another Panfloor of theirs would be brought up instead of this one.
 * @param {string} size such as `1920x1080`
 */
export async function virtualDisplay(size = '1920x1080', { bus = false } = {}) {
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    // Ctrl-C in a terminal reaches whoever stops the display, and not the display under a running application.
    detached: true,
  });
  const [line] = await Promise.race([
    once(xvfb.stdio[3], 'data'),
    once(xvfb, 'error').then(([problem]) => Promise.reject(problem)),
    once(xvfb, 'exit').then(() => Promise.reject(new Error('Xvfb ended at once'))),
  ]);
  const runtime = mkdtempSync(join(tmpdir(), 'panfloor-run-'));
  const session = bus ? await sessionBus(runtime) : undefined;
  const env = {
    DBUS_SESSION_BUS_ADDRESS: session?.address ?? `unix:path=${join(runtime, 'no-bus')}`,
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
      await ended(xvfb);
      await session?.stop();
      rmSync(runtime, { recursive: true, force: true });
    },
  };
}
