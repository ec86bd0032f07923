// Starting the real application for a test, and doing what a person does with it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { virtualDisplay } from '../../scripts/lib/display.mjs';
import { program, screens } from '../../scripts/lib/paths.mjs';
import { untilLive } from '../../scripts/lib/walk.mjs';
import { drive, until } from '../../scripts/lib/webdriver.mjs';

/** Opens the application on a display, a data folder and a home of its own, under LANG=C.UTF-8. */
export async function openApp(args, { size = '1920x1080' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'panfloor-app-'));
  const display = await virtualDisplay(size);
  const env = { ...display.env, LANG: 'C.UTF-8', LC_ALL: '', HOME: folder, PANFLOOR_LOG: 'info' };
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
      rmSync(folder, { recursive: true, force: true });
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

const xdotool = (env, ...args) => {
  const done = spawnSync('xdotool', args, { env, encoding: 'utf8' });
  return done.status === 0 ? done.stdout.trim() : undefined;
};

/** Types a passphrase into its own window with the keyboard, as a person does, and waits until the window is gone. */
export async function typePassphrase(app, passphrase) {
  const find = () => xdotool(app.env, 'search', '--onlyvisible', '--name', '^Panfloor: passphrase$')?.split('\n').at(-1);
  const window = await until(find, 'the passphrase window');
  await until(() => xdotool(app.env, 'windowfocus', '--sync', window) !== undefined, 'the passphrase window to take the focus');
  // The page has to have drawn its field: the window's title is there before.
  await until(async () => {
    xdotool(app.env, 'key', '--clearmodifiers', 'ctrl+a');
    xdotool(app.env, 'type', '--delay', '8', passphrase);
    xdotool(app.env, 'key', 'Return');
    return until(() => find() === undefined, 'the passphrase window to close', 4_000).catch(() => false);
  }, 'the passphrase to be taken', 40_000);
}

/** The text of the first element that matches, without white space at its ends; empty if there is none. */
export const textOf = (session, css) =>
  session.script(`return document.querySelector(arguments[0])?.textContent.trim().replace(/\\s+/g, ' ') ?? '';`, css);

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
