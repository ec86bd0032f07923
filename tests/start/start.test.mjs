// `npm start` where there is no display, as the README says it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root, screens } from '../../scripts/lib/paths.mjs';
import { environment, npm } from '../../scripts/lib/run.mjs';
import { until } from '../../scripts/lib/webdriver.mjs';
import { SCREENS } from '../../scripts/lib/walk.mjs';

/** What the issue tracker allows from the command to the window when nothing is to build, in ms. */
const WINDOW_WITHIN_MS = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'panfloor-start-'));
const started = [];
after(() => {
  for (const { child } of started) if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `npm start` without a display. */
const npmStart = (...flags) => startBy([npm, 'start', '--'], flags);

/** Runs a command without a display; its lines carry the time since the command, in ms. */
function startBy([command, ...words], flags) {
  const env = environment({ DISPLAY: '', WAYLAND_DISPLAY: '', LANG: 'C.UTF-8', LC_ALL: '', XDG_DATA_HOME: folder });
  // A group of its own, so that Ctrl-C reaches what a terminal's Ctrl-C reaches.
  const child = spawn(command, [...words, ...flags], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const began = Date.now();
  const start = { child, text: '', lines: [], ended: once(child, 'exit') };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      start.text += text;
      for (const line of String(text).split('\n').filter(Boolean)) start.lines.push({ line, at: Date.now() - began });
    });
  }
  started.push(start);
  return start;
}

/** Command lines of the processes of a group that still run. */
function leftOf(group) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
        const inside = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`XDG_DATA_HOME=${folder}\0`);
        return fields[0] !== 'Z' && (Number(fields[2]) === group || inside) ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')] : [];
      } catch {
        return [];
      }
    });
}
const noneLeft = (child) => until(() => leftOf(child.pid).length === 0, `no process to be left, but: ${leftOf(child.pid)}`, 10_000);

test('--help lists the flags', async () => {
  const start = npmStart('--help');
  assert.deepEqual(await start.ended, [0, null]);
  for (const flag of ['--machines', '--seed', '--for', '--headless', '--help']) assert.ok(start.text.includes(flag), flag);
});

test('a flag that cannot be meant is one line and an exit code', async () => {
  const start = npmStart('--machines', '99');
  const [code] = await start.ended;
  assert.notEqual(code, 0);
  assert.match(start.text, /--machines takes a whole number from 1 to 40/);
});

test('without a display it shows every screen in both themes, prints its state, and ends well', async (t) => {
  rmSync(screens, { recursive: true, force: true });
  const start = npmStart('--for', '20s');
  assert.deepEqual(await start.ended, [0, null], start.text);
  assert.match(start.text, /There is no display: a virtual one of 1920x1080 is started, for 20\.0 s/);
  for (const [, name] of SCREENS) {
    for (const theme of ['dark', 'light']) {
      const path = join(screens, `${name}-${theme}.png`);
      assert.ok(existsSync(path), `${name}-${theme}.png was not written: ${start.text}`);
      assert.deepEqual([...readFileSync(path).subarray(1, 4)], [...Buffer.from('PNG')]);
    }
  }
  const status = start.lines.filter(({ line }) => /^machines \d+  messages\/s [\d.]+  committed \d+  lost \d+  alarms \d+$/.test(line));
  assert.ok(status.length >= 2, `${status.length} status lines: ${start.text}`);
  assert.match(status.at(-1).line, /^machines 24 .* lost 0 /);
  for (const [place, { at }] of status.slice(1).entries()) {
    const apart = at - status[place].at;
    assert.ok(apart > 3500 && apart < 7500, `status lines ${apart} ms apart`);
  }
  const stands = start.lines.find(({ line }) => line.startsWith('The window stands')) ?? assert.fail(start.text);
  t.diagnostic(`${stands.line}; ${stands.at} ms after the command`);
  assert.ok(stands.at < WINDOW_WITHIN_MS, `the window stood only after ${stands.at} ms`);
  await noneLeft(start.child);
});

test('Ctrl-C ends it with an exit code and leaves no process', async () => {
  // Without npm, which ends by the signal as well and so gives no exit code of its own.
  const start = startBy(['node', 'scripts/start.mjs'], ['--for', '60s', '--machines', '2']);
  const stands = () => start.text.includes('The window stands') || assert.fail(`it said: ${start.text}`);
  await until(stands, 'the window');
  process.kill(-start.child.pid, 'SIGINT');
  const [code, signal] = await Promise.race([start.ended, new Promise((_, late) => setTimeout(() => late(new Error('it does not end')), 15_000).unref())]);
  assert.equal(signal, null);
  assert.equal(code, 0, 'Ctrl-C is a way to end it, and no failure');
  await noneLeft(start.child);
});
