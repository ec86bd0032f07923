// The Settings screen: the theme, also over a restart; where the data lies and how much; what could not be read.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { root } from '../../scripts/lib/paths.mjs';
import { openScreen } from '../../scripts/lib/walk.mjs';
import { until } from '../../scripts/lib/webdriver.mjs';
import { brokerPort, call, click, openDemo, publish, stepsAt, textOf, textsOf } from './support.mjs';

const MIB = 1 << 20;
const UNITS = { B: 1, KiB: 1 << 10, MiB: MIB, GiB: 1 << 30 };

const folder = mkdtempSync(join(tmpdir(), 'panfloor-settings-'));
let app;
let session;
/** Starts the application, in a desktop whose own theme is as given. */
async function start(desktop) {
  await app?.close();
  app = await openDemo(['--machines', '1'], { folder, env: { GTK_THEME: desktop } });
  session = app.session;
  await openScreen(session, '6', 'settings');
}
before(() => start('Adwaita'));
after(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
const step = stepsAt(() => session);

/** Brightness of the page's ground, 0 to 255. */
const brightness = () =>
  session.script(`const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number); return (r + g + b) / 3;`);
const isLight = () => until(async () => (await brightness()) > 170, 'a light page');
const isDark = () => until(async () => (await brightness()) < 80, 'a dark page');
const choose = (theme) => click(session, `main label:has(input[value=${theme}])`);
const chosen = () => session.script(`return document.querySelector('main input[name=theme]:checked')?.value;`);
/** What a card says beside a name. */
const fact = (name) =>
  session.script(
    `return [...document.querySelectorAll('main dt')].find((each) => each.textContent.trim() === arguments[0])?.nextElementSibling.textContent.trim().replace(/\\s+/g, ' ');`,
    name,
  );

step('without a choice the theme is that of the desktop', async () => {
  assert.equal(await chosen(), 'system');
  await isLight();
});

step('a theme chosen is worn at once, on the screen and by its menu', async () => {
  await choose('dark');
  await isDark();
  await click(session, '.top .menu .opener', 'Theme');
  await click(session, '[role=menuitemradio]', 'Light');
  await isLight();
  await until(async () => (await chosen()) === 'light', 'the screen to follow the menu');
  await choose('dark');
  await isDark();
  await until(async () => (await call(session, 'hello')).ui_settings.theme === 'dark', 'the choice to be kept');
});

step('the data folder, and how much lies in it', async () => {
  const said = await fact('Data folder');
  assert.equal(said, join(folder, 'data', 'demo'));
  const [, number, unit] = (await fact('Live file')).match(/^([\d.,]+) (\w+)$/);
  const live = Number(number.replace(',', '.')) * UNITS[unit];
  const files = ['live.db', 'live.db-wal'].map((name) => join(said, name)).filter(existsSync);
  const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
  assert.ok(bytes > 0, `nothing lies in ${said}`);
  assert.ok(Math.abs(live - bytes) < MIB, `${live} bytes are said, ${bytes} lie there`);
  assert.match(await fact('Free on the disk'), /^[\d.,]+ [GT]iB$/);
  assert.match(await fact('Log folder'), new RegExp(`^${folder}/`));
  assert.match(await fact('Secrets'), /^in a file/);
});

const counter = async (name) => {
  const rows = await textsOf(session, 'main table tr');
  return Number(rows.find((row) => row.startsWith(name)).match(/[\d,]+/)[0].replaceAll(',', ''));
};

step('the counters go on', async () => {
  const before = await counter('Committed');
  assert.ok(before > 0);
  await until(async () => (await counter('Committed')) > before, 'more to be committed');
});

step('messages that cannot be read are listed with why and what came', async () => {
  assert.match(await textOf(session, 'main section.tall'), /The quarantine is empty/);
  const port = await brokerPort(session);
  publish(port, '/devices/pan-91/events', ['temperature: 46']);
  publish(port, '/devices/pan-91/events', [JSON.stringify({ time: '2099-01-01T00:00:00Z', temperature: 46 })]);
  const rows = await until(async () => {
    const all = await session.script(
      `return [...document.querySelectorAll('main section.tall tbody tr')].map((row) => [...row.cells].slice(1).map((cell) => cell.textContent.trim()));`,
    );
    return all.length === 2 && all;
  }, 'two messages in the list');
  const [[, future, when], [topic, why, what, size]] = rows;
  assert.deepEqual([topic, what, size], ['/devices/pan-91/events', 'temperature: 46', '15 B']);
  assert.match(why, /not JSON/);
  assert.match(future, /2099|future|ahead/);
  assert.match(when, /2099-01-01/);
  assert.match(await textOf(session, 'main section.tall header'), /1–2 of 2/);
  assert.equal(await counter('Quarantined'), 2);
  assert.equal((await call(session, 'plant')).machines.length, 1, 'a message that could not be read made a machine');
});

step('about: version, and that it is the demo', async () => {
  const version = readFileSync(join(root, 'Cargo.toml'), 'utf8').match(/^version = "(.*)"$/m)[1];
  assert.equal(await fact('Version'), `Panfloor ${version}`);
  assert.match(await fact('Site'), /DEMO$/);
  assert.match(await fact('Licence'), /MIT or Apache-2\.0/);
});

step('after a restart the theme is as chosen, and the quarantine is still there', async () => {
  await start('Adwaita');
  await isDark();
  assert.equal(await chosen(), 'dark');
  await until(async () => (await textsOf(session, 'main section.tall tbody tr')).length === 2, 'the two messages');
  await choose('system');
  await isLight();
  await until(async () => (await call(session, 'hello')).ui_settings.theme === 'system', 'the choice to be kept');
});

step('in a dark desktop the system’s theme is dark', async () => {
  await start('Adwaita:dark');
  assert.equal(await chosen(), 'system');
  await isDark();
});
