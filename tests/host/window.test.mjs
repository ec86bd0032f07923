// The window comes and goes; acquisition goes on: closing, the tray, a second start, a hidden start, autostart.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openScreen } from '../../scripts/lib/walk.mjs';
import { until } from '../../scripts/lib/webdriver.mjs';
import { committed, openDesk } from './support.mjs';

const ASK_TO_CLOSE = fileURLToPath(new URL('ask-to-close.py', import.meta.url));
const SMALL = ['--demo', '--machines', '2'];

let desk;
beforeEach(async () => {
  desk = await openDesk({ bus: true });
});
afterEach(() => desk?.close());

/** The plant's window, if it is to be seen. */
const shown = () => desk.xdotool('search', '--onlyvisible', '--name', '^Panfloor$');
const isShown = () => until(shown, 'the window');
const isHidden = () => until(() => !shown(), 'the window to go');

/** Waits until more has been committed than now. */
async function acquires(app) {
  const before = committed(app);
  await until(() => committed(app) > before, `more than ${before} readings to be committed; it said: ${app.said}`);
}

/** Asks the window to close, as its cross does. */
async function close(window) {
  assert.equal(spawnSync('python3', [ASK_TO_CLOSE, window], { env: desk.env }).status, 0);
  await isHidden();
}

/** The exit code of an application that is ending. */
async function endOf(app) {
  await until(() => app.child.exitCode !== null || app.child.signalCode !== null, 'the end of the application');
  return app.child.exitCode ?? app.child.signalCode;
}

/** Calls a method of an object on the session bus; what it answers, or undefined. */
function bus(dest, path, method, ...args) {
  const done = spawnSync('gdbus', ['call', '--session', '--dest', dest, '--object-path', path, '--method', method, '--', ...args], {
    env: desk.env,
    encoding: 'utf8',
  });
  return done.status === 0 ? done.stdout : undefined;
}

/** Where the tray's menu is on the bus, and its items by their text. No tray host is needed to read or to press it. */
async function trayMenu() {
  return until(() => {
    const names = bus('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus.ListNames') ?? '';
    for (const [, dest] of names.matchAll(/'(:[\d.]+)'/g)) {
      const root = spawnSync('gdbus', ['introspect', '--session', '--recurse', '--dest', dest, '--object-path', '/org/ayatana'], {
        env: desk.env,
        encoding: 'utf8',
      });
      const path = /node (\S+\/Menu) \{/.exec(root.stdout)?.[1];
      const layout = path && bus(dest, path, 'com.canonical.dbusmenu.GetLayout', '0', '-1', '[]');
      if (!layout) continue;
      const items = [...layout.matchAll(/\((\d+), \{[^}]*'label': <'([^']*)'>/g)].map(([, id, label]) => [label, id]);
      const press = (label) => {
        const id = new Map(items).get(label);
        return bus(dest, path, 'com.canonical.dbusmenu.Event', id, 'clicked', '<0>', '0');
      };
      return { labels: items.map(([label]) => label), press };
    }
    return undefined;
  }, 'the tray’s menu on the session bus');
}

test('closed, it goes on acquiring; a second start and the tray bring the window back; the tray ends it', async () => {
  const app = desk.app(...SMALL, '--data', desk.path('tray'));
  const window = await isShown();
  await acquires(app);
  await close(window);
  await acquires(app);

  const second = desk.app(...SMALL, '--data', desk.path('tray'));
  assert.equal(await endOf(second), 0, second.said);
  assert.equal(await isShown(), window, 'another window, and not the first one');
  await acquires(app);

  await close(window);
  const menu = await trayMenu();
  assert.deepEqual(menu.labels, ['Open Panfloor', 'Quit and stop acquiring']);
  menu.press('Open Panfloor');
  assert.equal(await isShown(), window);
  menu.press('Quit and stop acquiring');
  assert.equal(await endOf(app), 0);
  assert.doesNotMatch(app.said, /^panfloor: /m, 'it ended with an error');
});

test('started hidden it acquires without a window, and a second start shows one', async () => {
  const app = desk.app(...SMALL, '--data', desk.path('hidden'), '--hidden');
  await acquires(app);
  assert.equal(shown(), undefined, 'a window is to be seen');
  assert.equal(await endOf(desk.app('--data', desk.path('hidden'))), 0);
  await isShown();
  await acquires(app);
  app.child.kill('SIGTERM');
  assert.equal(await endOf(app), 0, 'told to end, it does not end well');
});

/** Place and size of a window. */
const geometry = (window) => {
  const text = desk.xdotool('getwindowgeometry', '--shell', window) ?? '';
  const field = (name) => Number(new RegExp(`^${name}=(-?\\d+)$`, 'm').exec(text)?.[1]);
  return { x: field('X'), y: field('Y'), width: field('WIDTH'), height: field('HEIGHT') };
};

for (const [how, leave] of [
  ['told to end while it is shown', async (app) => app.child.kill('SIGTERM')],
  ['quit from the tray while it is hidden', async (_, window) => (await close(window), (await trayMenu()).press('Quit and stop acquiring'))],
  ['killed after it was closed', async (app, window) => (await close(window), app.child.kill('SIGKILL'))],
]) {
  test(`the window comes back where it was and as large: ${how}`, async () => {
    const wanted = { x: 120 + how.length, y: 64, width: 1100, height: 660 };
    const app = desk.app(...SMALL, '--data', desk.path('place'));
    const window = await isShown();
    // The window is shown before it is placed; from the first reading on nobody but the test moves it.
    await acquires(app);
    desk.xdotool('windowsize', '--sync', window, String(wanted.width), String(wanted.height));
    desk.xdotool('windowmove', '--sync', window, String(wanted.x), String(wanted.y));
    const isThere = (which) => () => assert.deepEqual(geometry(which), wanted) ?? true;
    await until(isThere(window), 'the window to be moved');
    await leave(app, window);
    await endOf(app);
    const next = desk.app(...SMALL, '--data', desk.path('place'));
    const again = await isShown();
    await until(isThere(again), 'the window to be at its old place', 10_000);
    next.child.kill('SIGTERM');
    assert.equal(await endOf(next), 0);
  });
}

test('autostart is offered: it writes an entry that starts hidden on the same data, and takes it away again', async () => {
  const data = desk.path('with space');
  const session = await desk.open(...SMALL, '--data', data);
  const folder = desk.path('.config', 'autostart');
  const entries = () => (existsSync(folder) ? readdirSync(folder) : []);
  const box = `[...document.querySelectorAll('label')].find((each) => /Start with the system/.test(each.textContent))?.querySelector('input')`;
  await session.waitFor(`return Boolean(document.querySelector('main'));`, 'the page');
  await openScreen(session, '6', 'settings');
  await session.waitFor(`return ${box}?.disabled === false;`, 'the choice in Settings');
  assert.equal(await session.script(`return ${box}.checked;`), false);
  assert.deepEqual(entries(), []);

  await session.script(`${box}.click();`);
  const [name] = await until(() => entries().length > 0 && entries(), 'the autostart entry');
  const entry = await until(() => /^Exec=.+$/m.exec(readFileSync(`${folder}/${name}`, 'utf8'))?.[0], 'its command');
  assert.match(entry, /panfloor --hidden /);
  assert.ok(entry.endsWith(`--data "${data}"`), entry);

  await session.script(`${box}.click();`);
  await until(() => entries().length === 0, 'the entry to go');
  await session.end();
});
