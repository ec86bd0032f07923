// axe on every screen of the real application, in both themes, with live data; and on what opens over the screens.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SCREENS, openScreen, openTrendFromPlant, setTheme, settle } from '../../scripts/lib/walk.mjs';
import { axe, click, openDemo } from './support.mjs';

let app;
let session;
before(async () => {
  app = await openDemo();
  session = app.session;
  // Pens, so that Trends has its chart and table; they stay.
  await openTrendFromPlant(session);
});
after(() => app?.close());

/** What opens over a screen: how, and what is there then. */
const OVERLAYS = [
  ['the sign-in dialog', '1', () => click(session, '.top button', 'Sign in'), 'dialog button.user'],
  ['the keys', '1', () => session.keys('?'), 'dialog kbd'],
  ['the finder', '1', () => session.keys('Control', 'k'), 'dialog [role=option]'],
  ['the theme menu', '1', () => click(session, '.top .menu .opener', 'Theme'), '[role=menuitemradio]'],
  ['the pen picker', '2', () => session.keys('p'), '[role=combobox]'],
  ['the export menu', '2', () => click(session, 'main [aria-haspopup=menu]', 'Export'), '[role=menuitem]'],
  ['the cursors', '2', () => session.keys('c'), 'main .pens th.group + th'],
  ['the alarm history', '3', () => click(session, 'main .toolbar .seg button', 'History'), 'main .past'],
];

for (const theme of ['light', 'dark']) {
  for (const [key, name] of SCREENS) {
    test(`axe finds nothing on ${name}, ${theme}`, async () => {
      await openScreen(session, key, name);
      await setTheme(session, theme);
      await settle(session);
      assert.deepEqual(await axe(session), []);
    });
  }
  for (const [name, key, open, css] of OVERLAYS) {
    test(`axe finds nothing on ${name}, ${theme}`, async () => {
      await openScreen(session, key, SCREENS[key - 1][1]);
      await setTheme(session, theme);
      await open();
      await session.waitFor(`return document.querySelector(arguments[0]) !== null;`, name, 10_000, css);
      await settle(session);
      assert.deepEqual(await axe(session), []);
      await session.keys('Escape');
      await session.waitFor(`return document.querySelector('dialog, [role=menu]') === null;`, `${name} to close`, 10_000);
    });
  }
}
