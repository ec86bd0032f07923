// Starting the real application for a test, and doing what a person does with it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { virtualDisplay } from '../../scripts/lib/display.mjs';
import { program, root, screens } from '../../scripts/lib/paths.mjs';
import { openScreen, untilLive } from '../../scripts/lib/walk.mjs';
import { drive, until } from '../../scripts/lib/webdriver.mjs';

/** The demo's two users. */
export const ENGINEER = { name: 'engineer 2', passphrase: 'boil at 46 degrees' };
export const SUPERVISOR = { name: 'supervisor 1', passphrase: 'two pairs of eyes' };

/**
 * Opens the application on a display, a data folder and a home of its own, under LANG=C.UTF-8. `folder` takes up that of
 * an earlier start; whoever gives one clears it away.
 */
export async function openApp(args, { size = '1920x1080', folder: given, env: more = {} } = {}) {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'panfloor-app-'));
  const display = await virtualDisplay(size);
  const env = { ...display.env, LANG: 'C.UTF-8', LC_ALL: '', HOME: folder, PANFLOOR_LOG: 'info', ...more };
  const session = await drive({ binary: program('panfloor'), args: [...args, '--data', join(folder, 'data')], env });
  const [width, height] = size.split('x').map(Number);
  await session.setSize(width, height);
  return {
    session,
    env: { ...process.env, ...env },
    folder,
    async close() {
      await session.end();
      await display.stop();
      if (given === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Opens the demo plant and waits until values are live. */
export async function openDemo(args = [], options) {
  const app = await openApp(['--demo', ...args], options);
  try {
    await untilLive(app.session);
  } catch (problem) {
    await keepPicture(app.session, 'not-live');
    await app.close();
    throw problem;
  }
  return app;
}

/** A picture of what was on screen when something went wrong. */
export async function keepPicture(session, name) {
  const picture = await session.screenshot().catch(() => undefined);
  if (picture) writeFileSync(join(screens, '..', `failed-${name}.png`), picture);
}

/**
 * Tests that are steps of one job at one window, which `sessionOf` gives. Of the first that fails a picture is kept; those
 * after it build on it, so they fail at once.
 */
export function stepsAt(sessionOf) {
  let broken;
  return (name, work) =>
    test(name, async () => {
      assert.equal(broken, undefined, `not tried, because a step before it failed: ${broken}`);
      try {
        await work();
      } catch (problem) {
        broken = name;
        await keepPicture(sessionOf(), name.replaceAll(/\W+/g, '-'));
        throw problem;
      }
    });
}

const xdotool = (env, ...args) => {
  const done = spawnSync('xdotool', args.map(String), { env, encoding: 'utf8' });
  return done.status === 0 ? done.stdout.trim() : undefined;
};

/** The mouse as the display moves it: its events go through GTK and WebKit like those of a hand. */
export function mouseOf(app) {
  const run = (...args) => assert.notEqual(xdotool(app.env, ...args), undefined, `xdotool ${args.join(' ')}`);
  return {
    move: (x, y) => run('mousemove', x, y),
    /** Turns the wheel: down is positive. */
    wheel: (notches) => run('click', '--repeat', Math.abs(notches), '--delay', 30, notches > 0 ? 5 : 4),
    press: () => run('mousedown', 1),
    release: () => run('mouseup', 1),
  };
}

/** Finds the newest window with this title, waits for it, and gives it the keyboard. */
async function focusWindow(app, title) {
  const find = () => xdotool(app.env, 'search', '--onlyvisible', '--name', `^${title}$`)?.split('\n').at(-1);
  const window = await until(find, `the window “${title}”`);
  await until(() => xdotool(app.env, 'windowfocus', '--sync', window) !== undefined, `“${title}” to take the focus`);
  return { isGone: () => find() === undefined };
}

function typeAndEnter(app, text) {
  xdotool(app.env, 'key', '--clearmodifiers', 'ctrl+a');
  xdotool(app.env, 'type', '--delay', 8, text);
  xdotool(app.env, 'key', 'Return');
}

const PASSPHRASE = 'Panfloor: passphrase';

/** Types a passphrase into its own window with the keyboard, as a person does, and waits until the window is gone. */
export async function typePassphrase(app, passphrase) {
  const window = await focusWindow(app, PASSPHRASE);
  // The page has to have drawn its field: the window's title is there before.
  await until(async () => {
    typeAndEnter(app, passphrase);
    return until(window.isGone, 'the passphrase window to close', 4_000).catch(() => false);
  }, 'the passphrase to be taken', 40_000);
}

/** Does something in the passphrase window once its field is drawn; its page is a window of the session like the main one. */
export async function inPassphraseWindow(app, work) {
  const { session } = app;
  const main = await session.window();
  await focusWindow(app, PASSPHRASE);
  const other = await until(async () => (await session.windows()).find((each) => each !== main), 'the page of the passphrase window');
  await session.switchTo(other);
  try {
    await session.waitFor(`return document.activeElement?.type === 'password';`, 'the field of the passphrase');
    await work({ type: (text) => typeAndEnter(app, text), giveUp: () => xdotool(app.env, 'key', 'Escape') });
  } finally {
    await session.switchTo(main);
  }
}

/** Signs in through the dialog that is open, or else opens it. */
export async function signIn(app, { name, passphrase }) {
  const { session } = app;
  if (!(await session.script(`return document.querySelector('dialog button.user') !== null;`))) await press(session, 'Sign in', '.top');
  await click(session, 'dialog button.user', name);
  await typePassphrase(app, passphrase);
  await until(async () => (await call(session, 'session')).user?.name === name, `${name} to be signed in`);
}

/** Answers the system's save dialog with a path, by keyboard; without one it is given up. */
export async function saveAs(app, path) {
  const window = await focusWindow(app, 'Save File');
  if (path === undefined) xdotool(app.env, 'key', 'Escape');
  else typeAndEnter(app, path);
  await until(window.isGone, 'the save dialog to close');
  if (path === undefined) return undefined;
  await until(() => existsSync(path), `${path} to be written`);
  return readFileSync(path);
}

/** The text of the first element that matches, without white space at its ends; empty if there is none. */
export const textOf = (session, css) =>
  session.script(`return document.querySelector(arguments[0])?.textContent.trim().replace(/\\s+/g, ' ') ?? '';`, css);

/** The same of all that match. */
export const textsOf = (session, css) =>
  session.script(`return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent.trim().replace(/\\s+/g, ' '));`, css);

/** Clicks the button whose text begins so. */
export const press = (session, text, within = 'body') =>
  session.waitFor(
    `const buttons = [...document.querySelectorAll(arguments[1] + ' button')];
     const button = buttons.find((each) => each.textContent.trim().startsWith(arguments[0]) && !each.disabled);
     button?.click();
     return Boolean(button);`,
    `the button “${text}”`,
    20_000,
    text,
    within,
  );

/** Clicks with the mouse what matches and begins with the text; fails where something lies over it. */
export async function click(session, css, text = '') {
  const found = await session.waitFor(
    `return [...document.querySelectorAll(arguments[0])].find((each) => !each.disabled && each.textContent.trim().replace(/\\s+/g, ' ').startsWith(arguments[1]));`,
    `“${text}” among ${css}`,
    20_000,
    css,
    text,
  );
  await session.ask('POST', `/element/${Object.values(found)[0]}/click`);
}

/** Empties a field and types a text into it, which must not be empty: emptying alone tells the page nothing. */
export async function fill(session, css, text) {
  await session.clear(css);
  await session.type(css, text);
}

/** Opens a machine's trend from its tile on the Plant screen, by keys. */
export async function openTrendOf(session, machine) {
  await openScreen(session, '1', 'plant');
  await session.waitFor(
    `const tile = [...document.querySelectorAll('article.tile')].find((each) => each.getAttribute('aria-label')?.startsWith(arguments[0]));
     tile?.focus();
     return Boolean(tile);`,
    `the tile of ${machine}`,
    20_000,
    machine,
  );
  await session.keys('Enter');
  await session.waitFor(`return Boolean(document.querySelector('main canvas'));`, 'the trend');
}

/** Calls the core through the door, as the page does. */
export const call = (session, name, request = null) =>
  session
    .scriptAsync(
      `const done = arguments[2]; window.__TAURI_INTERNALS__.invoke('call', { name: arguments[0], request: arguments[1] })
         .then((value) => done({ value }), (problem) => done({ problem }));`,
      name,
      request,
    )
    .then(({ value, problem }) => {
      if (problem) throw new Error(`${name}: ${JSON.stringify(problem)}`);
      return value;
    });

/** Port of the broker that the first source speaks to. */
export const brokerPort = async (session) => new URL((await call(session, 'sources'))[0].address).port;

/** Publishes messages, one a line, as any other program of the plant would. */
export function publish(port, topic, messages, ...flags) {
  const to = ['-h', '127.0.0.1', '-p', port, '-t', topic, '-q', '1', '-l', ...flags];
  const done = spawnSync('mosquitto_pub', to, { input: messages.join('\n'), encoding: 'utf8' });
  assert.equal(done.status, 0, `mosquitto_pub: ${done.stderr ?? done.error}`);
}

const REFERENCE = JSON.parse(readFileSync(join(root, 'contract', 'classes', 'reference-pan.json'), 'utf8'));

/** A pan at a broker that says what the test decides, and answers no config by itself. */
export function aPan(port, address, interval_ms = 10_000) {
  const config = { ...REFERENCE.default_config, sample_interval_ms: interval_ms };
  return {
    name: `P${address.slice(1).replace('-', ' ')}`,
    config,
    report: (more = {}) => {
      const state = { config_version: 1, config, status: 'applied', mode: 'remote', class: REFERENCE.id, ...more };
      publish(port, `/devices/${address}/state`, [JSON.stringify(state)], '-r');
    },
    /** Readings of the grain growth, each `{time, temperature, …}`. */
    measure: (readings) =>
      publish(port, `/devices/${address}/events`, readings.map((reading) => JSON.stringify({ phase: 'grain_growth', ...reading }))),
  };
}

const AXE = readFileSync(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

/** What axe finds wrong in the page as it is now. */
export async function axe(session) {
  await session.script(`if (window.axe === undefined) { ${AXE} }`);
  return session.scriptAsync(
    `const done = arguments[0]; axe.run(document, { resultTypes: ['violations'] })
       .then(({ violations }) => done(violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target, failureSummary }) => [target, failureSummary]) }))),
             (problem) => done([{ id: 'axe', help: String(problem) }]));`,
  );
}
