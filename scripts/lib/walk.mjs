// A walk through every screen of the real application, in both themes, with a picture of each.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './console.mjs';
import { drive, until } from './webdriver.mjs';

/** Screens by their key, with what shows that each is drawn. */
export const SCREENS = [
  ['1', 'plant', '[data-screen="plant"]'],
  ['2', 'trends', '[data-screen="trends"]'],
  ['3', 'alarms', '[data-screen="alarms"]'],
  ['4', 'configs', '[data-screen="configs"]'],
  ['5', 'reports', '[data-screen="reports"]'],
  ['6', 'settings', '[data-screen="settings"]'],
];

/** Waits until the page shows live values. */
export const untilLive = (session) =>
  session.waitFor(
    `const tile = document.querySelector('article.tile:not(.skel) [data-value]'); return Boolean(tile && /\\d/.test(tile.textContent));`,
    'the first live value',
    60_000,
  );

/** Sets the theme as Settings does, for the page alone. */
export const setTheme = (session, theme) => session.script(`document.documentElement.dataset.theme = arguments[0];`, theme);

/** Waits until two frames have been painted. */
export const settle = (session) =>
  session.scriptAsync(
    `const done = arguments[arguments.length - 1]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 400)));`,
  );

export async function walk({ binary, args, env, width, height, folder, demo, isOver }) {
  const session = await drive({ binary, args, env });
  try {
    await session.setSize(width, height);
    if (demo) await untilLive(session);
    const picture = async (name) => {
      await settle(session);
      const path = join(folder, `${name}.png`);
      writeFileSync(path, await session.screenshot());
      say(`wrote ${path}`);
    };
    for (const theme of ['dark', 'light']) {
      for (const [key, name, shown] of SCREENS) {
        if (isOver()) return;
        await session.keys(key);
        await until(() => session.find(shown), `the ${name} screen`);
        await setTheme(session, theme);
        await picture(`${name}-${theme}`);
      }
    }
    await session.keys('1');
    await until(isOver, 'the end', 24 * 3600_000);
  } finally {
    await session.end();
  }
}
