// A desk of a test's own: a display, a home, brokers, and the programs started at it. Nothing of the user's own is touched.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { virtualDisplay } from '../../scripts/lib/display.mjs';
import { program } from '../../scripts/lib/paths.mjs';
import { drive, freePort, until } from '../../scripts/lib/webdriver.mjs';

/** Debian keeps the broker in a folder for system programs, which is not in every user's path. */
const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;

/** Sets a desk up. With `bus`, it has a session bus: starts of the application find each other over it. */
export async function openDesk({ size = '1366x768', bus = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'panfloor-desk-'));
  const display = await virtualDisplay(size, { bus });
  const env = { ...process.env, ...display.env, PATH, LANG: 'C.UTF-8', LC_ALL: '', HOME: folder };
  Object.assign(env, { XDG_CONFIG_HOME: join(folder, '.config'), XDG_DATA_HOME: join(folder, '.local', 'share'), XDG_CACHE_HOME: join(folder, '.cache') });
  const closing = [];

  /** Starts a program; what it prints is kept. */
  function start(command, args) {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const started = { child, lines: [], said: '', ended: once(child, 'exit') };
    createInterface({ input: child.stdout }).on('line', (line) => started.lines.push(line));
    child.stderr.on('data', (text) => (started.said += text));
    closing.push(async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await started.ended;
    });
    return started;
  }

  return {
    folder,
    env,
    path: (...parts) => join(folder, ...parts),
    start,
    /** Starts the application as a person does, with a status line every second. */
    app: (...args) => start(program('panfloor'), [...args, '--status-every', '1']),
    /** Starts panfloorctl. */
    ctlStart: (...args) => start(program('panfloorctl'), args),
    /** Runs panfloorctl to its end. */
    ctl: (...args) => spawnSync(program('panfloorctl'), args, { env, encoding: 'utf8', timeout: 120_000 }),
    /** Opens the application under WebDriver; `session.said()` gives what it has said on stderr. */
    async open(...args) {
      const log = join(folder, `stderr-${closing.length}.txt`);
      const to = openSync(log, 'w');
      const session = await drive({ binary: program('panfloor'), args, env, stderr: to });
      closeSync(to);
      session.said = () => readFileSync(log, 'utf8');
      const [width, height] = size.split('x').map(Number);
      await session.setSize(width, height);
      closing.push(() => session.end());
      return session;
    },
    /** Runs xdotool; undefined if it found or did nothing. */
    xdotool(...args) {
      const done = spawnSync('xdotool', args, { env, encoding: 'utf8' });
      return done.status === 0 ? done.stdout.trim() : undefined;
    },
    /** Does `undo` when the desk is closed, before its folder goes. */
    onClose: (undo) => closing.push(undo),
    async close() {
      for (const undo of closing.toReversed()) await undo();
      await display.stop();
      // The web view's processes end a moment after the application, and write to their caches until then.
      await until(() => (rmSync(folder, { recursive: true, force: true }), true), 'the desk to be cleared', 10_000);
    },
  };
}

/**
 * Chooses a new passphrase in its own window by keyboard. The window is there before its page is drawn, so that the first
 * letters may be lost. The page leaves the focus where it finds something wrong: in the first field, or in the second if
 * the two differ. Typing there, and every third time in the field before, mends every state.
 */
export async function choosePassphrase(desk, passphrase) {
  const find = () => desk.xdotool('search', '--onlyvisible', '--name', '^Panfloor: passphrase$')?.split('\n').at(-1);
  const key = (...keys) => desk.xdotool('key', '--clearmodifiers', ...keys);
  const window = await until(find, 'the passphrase window');
  await until(() => desk.xdotool('windowfocus', '--sync', window) !== undefined, 'the passphrase window to take the focus');
  let round = 0;
  await until(() => {
    if (++round % 3 === 0) key('shift+Tab');
    key('ctrl+a');
    desk.xdotool('type', '--delay', '8', passphrase);
    key('Return');
    return until(() => !find(), 'the passphrase window to close', 1500);
  }, 'the passphrase to be taken');
}

/** Readings committed by the last status line. */
export const committed = ({ lines }) => Number(/committed (\d+)/.exec(lines.at(-1) ?? '')?.[1] ?? 0);

/** A mosquitto on one port that can be started with other rules, and stopped. */
export async function aBroker(desk) {
  const port = await freePort();
  let running;
  async function stop() {
    if (!running) return;
    running.child.kill('SIGTERM');
    await running.ended;
    running = undefined;
  }
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    stop,
    /** Starts it with `rules`, lines of its config. */
    async start(...rules) {
      await stop();
      const config = desk.path(`mosquitto-${port}.conf`);
      const anonymous = rules.some((rule) => rule.startsWith('allow_anonymous')) ? [] : ['allow_anonymous true'];
      // Started by root it would change to a user of its own, who may not read the test's folder.
      const usual = [`listener ${port} 127.0.0.1`, 'user root', 'max_queued_messages 0', 'log_dest stderr'];
      writeFileSync(config, [...usual, ...anonymous, ...rules, ''].join('\n'));
      running = desk.start('mosquitto', ['-c', config]);
      await until(() => running.said.includes(' running'), `mosquitto to start; it said: ${running.said}`);
    },
    /** Publishes each line on a topic with QoS 1, and returns when the broker has taken all. */
    publish(topic, lines) {
      const args = ['-h', '127.0.0.1', '-p', String(port), '-q', '1', '-t', topic, '-l'];
      const done = spawnSync('mosquitto_pub', args, { env: desk.env, input: lines.join('\n'), encoding: 'utf8' });
      if (done.status !== 0) throw new Error(`mosquitto_pub: ${done.stderr}`);
    },
  };
}

/** Founds a site with a source at `url` in `data`, as `panfloorctl` does. */
export function found(desk, data, url) {
  const done = desk.ctl('run', '--data', join(data, 'site'), '--broker', url, '--found-demo-users', '--for', '100ms');
  if (done.status !== 0) throw new Error(`the site is not founded: ${done.stderr}`);
}

/**
 * Mounts something, and unmounts it when the desk is closed. Where that is not allowed the test `t` is skipped, which is
 * a failure if nothing may be skipped.
 */
export function mounted(t, desk, ...args) {
  const done = spawnSync('mount', args, { encoding: 'utf8' });
  if (done.status !== 0) {
    const why = `this user may not mount: ${(done.stderr || String(done.error)).trim()}`;
    if (process.env.PANFLOOR_REQUIRE === 'all') throw new Error(why);
    t.skip(why);
    return false;
  }
  desk.onClose(() => spawnSync('umount', ['--lazy', args.at(-1)]));
  return true;
}
