// A walk through every screen of the real application, in both themes, with a picture of each.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './console.mjs';
import { drive, until } from './webdriver.mjs';

/** Screens by their key. */
export const SCREENS = [
  ['1', 'plant'],
  ['2', 'trends'],
  ['3', 'alarms'],
  ['4', 'configs'],
  ['5', 'reports'],
  ['6', 'settings'],
];

/** Opens a screen by its key and waits until it is drawn. */
export async function openScreen(session, key, name) {
  await session.keys(key);
  await session.waitFor(
    `const rail = [...document.querySelectorAll('nav.rail a, nav.rail button')];
     const current = rail.findIndex((item) => item.getAttribute('aria-current') === 'page');
     return current === Number(arguments[0]) - 1 && Boolean(document.querySelector('main h1'));`,
    `the ${name} screen`,
    30_000,
    key,
  );
}

/** Waits until the page shows live values. */
export const untilLive = (session) =>
  session.waitFor(
    `return performance.getEntriesByName('panfloor:first-live').length > 0 &&
       [...document.querySelectorAll('article.tile .v b')].some((value) => /\\d/.test(value.textContent));`,
    'the first live value',
    60_000,
  );

/** Opens the trend of the tile that looks worst, or of the first, with Enter; leaves the pens there. */
export async function openTrendFromPlant(session) {
  await openScreen(session, '1', 'plant');
  await session.script(
    `(document.querySelector('article.tile.un, article.tile.ack, article.tile.rtn') ?? document.querySelector('article.tile'))?.focus();`,
  );
  await session.keys('Enter');
  await session.waitFor(`return Boolean(document.querySelector('main canvas'));`, 'the trend');
}

/** Sets the theme as Settings does, for the page alone. */
export const setTheme = (session, theme) => session.script(`document.documentElement.dataset.theme = arguments[0];`, theme);

/** Waits until two frames have been painted. */
export const settle = (session) =>
  session.scriptAsync(
    `const done = arguments[arguments.length - 1]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 400)));`,
  );

/**
 * Opens the application, calls `shown` when its window stands, takes the pictures, and stays until `isOver`. Leaves at
 * once when `isStopped`; without that, each screen gets its picture, however short the time.
 */
export async function walk({ binary, args, env, width, height, folder, demo, shown, isOver, isStopped }) {
  const session = await drive({ binary, args, env });
  try {
    await session.setSize(width, height);
    if (demo) await untilLive(session);
    shown();
    const picture = async (name) => {
      await settle(session);
      const path = join(folder, `${name}.png`);
      writeFileSync(path, await session.screenshot());
      say(`wrote ${path}`);
    };
    for (const theme of ['dark', 'light']) {
      for (const [key, name] of SCREENS) {
        if (isStopped()) return;
        if (name === 'trends' && demo && theme === 'dark') await openTrendFromPlant(session);
        await openScreen(session, key, name);
        await setTheme(session, theme);
        await picture(`${name}-${theme}`);
      }
    }
    await session.keys('1');
    await until(() => isStopped() || isOver(), 'the end', 24 * 3600_000);
  } finally {
    await session.end();
  }
}
