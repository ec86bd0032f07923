// The Alarms screen with a real mouse and keyboard. Pans of the test's own raise what the test needs at once: an alarm's
// delays count in the times that a machine gives its readings.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { openScreen } from '../../scripts/lib/walk.mjs';
import { until } from '../../scripts/lib/webdriver.mjs';
import { aPan, brokerPort, call, click, ENGINEER, fill, openDemo, press, saveAs, signIn, stepsAt, textOf, textsOf } from './support.mjs';

const EVERY_MS = 5_000;
const MINUTES_MS = 3 * 60_000;
const NOTE = 'Vacuum pump changed over.';
const ROWS = 'main .list tbody tr';
/** What each pan does wrong. Steady values would raise alarms of their own, as those of a frozen sensor. */
const PANS = {
  'pan-91': ['pressure', 76], // critical: above 72 mbar
  'pan-92': ['pressure', 76],
  'pan-93': ['motor_power', 13.4], // medium: above 13 kW
  'pan-94': ['pressure', 56.4], // high: below 58 mbar
};

let app;
let session;
let pans;
let began;
before(async () => {
  app = await openDemo(['--machines', '1']);
  session = app.session;
  const port = await brokerPort(session);
  began = Date.now();
  pans = Object.fromEntries(Object.keys(PANS).map((address) => [address, aPan(port, address, 60_000)]));
  for (const [address, pan] of Object.entries(pans)) {
    pan.report();
    const [metric, value] = PANS[address];
    pan.measure(readings(began - MINUTES_MS, began, (wobble) => ({ [metric]: value + wobble })));
  }
  await until(async () => (await rowsOf('Pan 9')).length >= 6, 'the alarms');
});
after(() => app?.close());
const step = stepsAt(() => session);

/** Readings of a pan that does well but for what `wrong` says. */
function readings(from, to, wrong = () => ({})) {
  const all = [];
  for (let time = from, count = 0; time <= to; time += EVERY_MS, count += 1) {
    const wobble = (count % 5) / 10;
    all.push({ time, temperature: 46 + wobble, pressure: 65 + wobble, motor_power: 12 + wobble, ...wrong(wobble) });
  }
  return all;
}
const rowsOf = async (name) => (await call(session, 'alarms')).rows.filter((row) => row.machine_name.startsWith(name));
const alarm = async (name, condition) => (await rowsOf(name)).find((row) => row.condition === `limit:${condition}`);
/** A row of the list by the machine and the words of its condition. */
const rowOf = (name, condition) => `${ROWS}[data-key="${name}"]`.replace(name, keys[`${name} ${condition}`]);
const keys = {};
const filterBy = (text) => fill(session, 'main .toolbar input', text);
/** Escape in the filter's field empties it. */
async function showAll() {
  await click(session, 'main .toolbar input');
  await session.keys('Escape');
  await session.waitFor(`return document.querySelector('main .toolbar input').value === '';`, 'the filter to be empty');
}

step('the list has every alarm with its state, value and limit: worst first', async () => {
  await openScreen(session, '3', 'alarms');
  await filterBy('pan 9');
  await until(async () => (await textsOf(session, ROWS)).length >= 6, 'the rows');
  const cells = await session.script(
    `return [...document.querySelectorAll(arguments[0])].map((row) => [row.dataset.key, ...[...row.cells].slice(1, 7).map((cell) => cell.textContent.trim().replace(/\\s+/g, ' '))]);`,
    ROWS,
  );
  for (const [key, , , machine, condition] of cells) keys[`${machine} ${condition}`] = key;
  const limits = cells.map(([, ...shown]) => shown.join(' | '));
  assert.deepEqual(
    limits.map((text) => text.replace(/\d+[.,]\d (mbar|kW)( ?\d+:\d\d old)? \|/, '… |')),
    [
      'BUnack | CCritical | Pan 91 | Pressure high-high | … | > 72.0 mbar',
      'BUnack | MMedium | Pan 91 | Pressure high | … | > 70.0 mbar',
      'BUnack | CCritical | Pan 92 | Pressure high-high | … | > 72.0 mbar',
      'BUnack | MMedium | Pan 92 | Pressure high | … | > 70.0 mbar',
      'BUnack | HHigh | Pan 94 | Pressure low-low | … | < 58.0 mbar',
      'BUnack | MMedium | Pan 94 | Pressure low | … | < 60.0 mbar',
      'BUnack | MMedium | Pan 93 | Motor power high | … | > 13.0 kW',
    ],
  );
  for (const text of limits) assert.match(text, /\d+[.,]\d (mbar|kW)( ?\d+:\d\d old)? \|/, 'no value now');
});

step('typing filters by machine, condition and priority, and Escape shows all again', async () => {
  for (const [typed, machines] of [['93', ['Pan 93']], ['low-low', ['Pan 94']], ['critical 92', ['Pan 92']], ['nothing such', []]]) {
    await filterBy(typed);
    await until(async () => {
      const names = await textsOf(session, `${ROWS} td:nth-child(4)`);
      return JSON.stringify(names) === JSON.stringify(machines);
    }, `“${typed}” to leave ${machines}`);
  }
  assert.match(await textOf(session, 'main .void'), /No alarm fits the filter/);
  await session.keys('Escape');
  await until(async () => (await textsOf(session, ROWS)).length >= 7, 'all rows');
});

step('a click on a column’s head orders by it, and another click as before', async () => {
  const machines = () => textsOf(session, `${ROWS} td:nth-child(4)`);
  await filterBy('pan 9');
  await until(async () => (await machines()).length === 7, 'the rows of the four pans');
  const usual = await machines();
  await click(session, 'main .list th button', 'Machine');
  await until(async () => (await machines()).join() === usual.toSorted().join(), 'the order by machine');
  assert.equal(await session.script(`return document.querySelector('main .list th.machine').ariaSort;`), 'ascending');
  await click(session, 'main .list th button', 'Machine');
  await until(async () => (await machines()).join() === usual.join(), 'the usual order');
  await showAll();
});

step('the detail draws the minutes around the alarm, with value and limit', async () => {
  await click(session, `${rowOf('Pan 93', 'Motor power high')} td:nth-child(5)`);
  await session.waitFor(`return document.querySelector('main .detail .chart [role=img]')?.getAttribute('aria-label').includes('Pan 93');`, 'the trend of Pan 93');
  const painted = await until(
    () =>
      session.script(
        `const canvas = document.querySelector('main .detail canvas');
         const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
         return new Set(new Uint32Array(data.buffer)).size > 8;`,
      ),
    'the trend to be drawn',
  );
  assert.ok(painted);
  assert.match(await textOf(session, 'main .detail .facts'), /Value now ?13[.,]\d ?kW.*Limit ?> 13[.,]0 ?kW/);
});

step('an alarm is acknowledged by mouse with a note; whoever is not signed in is asked to first', async () => {
  await session.type('main .detail input.note', NOTE);
  await click(session, 'main .detail button', 'Acknowledge');
  await signIn(app, ENGINEER);
  const { acknowledged_by, note } = await until(async () => {
    const row = await alarm('Pan 93', 'high');
    return row.state === 'C' && row;
  }, 'the acknowledgement');
  assert.deepEqual([acknowledged_by, note], [ENGINEER.name, NOTE]);
  await until(async () => (await textOf(session, rowOf('Pan 93', 'Motor power high'))).includes(`${ENGINEER.name}: ${NOTE}`), 'the row to say who and why');
  assert.equal((await rowsOf('Pan 9')).filter((row) => row.state === 'C').length, 1, 'others were acknowledged too');
});

step('the history says who acknowledged, when and why', async () => {
  await click(session, 'main .toolbar .seg button', 'History');
  await filterBy('pan 93');
  const row = await until(async () => (await textsOf(session, 'main .past tbody tr')).find((text) => text.includes('B → C')), 'the transition');
  assert.match(row, /^\w{3} \d+, \d\d:\d\d:\d\d ?B → C ?acknowledged.*Pan 93/);
  assert.ok(row.endsWith(`${ENGINEER.name}: ${NOTE}`), row);
  await click(session, 'main .toolbar button', 'Export CSV');
  const csv = (await saveAs(app, join(app.folder, 'history.csv'))).toString('utf8');
  const line = csv.split('\r\n').find((each) => each.includes(',B,C,'));
  assert.ok(line?.endsWith(`,${ENGINEER.name},${NOTE}`), csv);
  await showAll();
  await click(session, 'main .toolbar .seg button', 'Active');
});

/** Within a second of an acknowledgement a press does nothing, so that a double press is one. */
const rested = () => session.waitFor(`return document.querySelector('main .toolbar button[aria-disabled], main .detail button[aria-disabled]') === null;`, 'the second after an acknowledgement to pass');
const selected = () => session.script(`return [...document.querySelectorAll(arguments[0] + '[aria-selected=true]')].map((row) => row.dataset.key);`, ROWS);
const select = (name, condition) => click(session, `${rowOf(name, condition)} input[type=checkbox]`);

step('critical alarms are acknowledged one by one', async () => {
  await select('Pan 94', 'Pressure low-low');
  await select('Pan 94', 'Pressure low');
  assert.equal((await selected()).length, 2);
  await select('Pan 91', 'Pressure high-high');
  assert.deepEqual(await selected(), [keys['Pan 91 Pressure high-high']], 'a critical alarm is selected beside others');
  await select('Pan 92', 'Pressure high-high');
  assert.deepEqual(await selected(), [keys['Pan 92 Pressure high-high']], 'two critical alarms are selected');
  await rested();
  await session.keys('a');
  await until(async () => (await alarm('Pan 92', 'high_high')).state === 'C', 'the critical alarm to be acknowledged');
  assert.equal((await alarm('Pan 91', 'high_high')).state, 'B', 'the other critical alarm was acknowledged along');
});

step('“acknowledge visible” takes what is listed, but nothing critical', async () => {
  await filterBy('94');
  await until(async () => (await textsOf(session, ROWS)).length === 2, 'the rows of Pan 94');
  await rested();
  await click(session, 'main .toolbar button', 'Acknowledge visible');
  await until(async () => (await rowsOf('Pan 94')).every((row) => row.state === 'C'), 'Pan 94 to be acknowledged');
  await filterBy('91');
  await until(async () => (await textsOf(session, ROWS)).length === 2, 'the rows of Pan 91');
  await rested();
  await click(session, 'main .toolbar button', 'Acknowledge visible');
  await until(async () => (await alarm('Pan 91', 'high')).state === 'C', 'the medium alarm to be acknowledged');
  assert.equal((await alarm('Pan 91', 'high_high')).state, 'B');
  await showAll();
});

step('an acknowledged alarm leaves the list when the value is normal; another stays as returned until acknowledged', async () => {
  const now = Date.now();
  pans['pan-93'].measure(readings(began + EVERY_MS, Math.max(now, began + 4 * EVERY_MS)));
  pans['pan-91'].measure(readings(began + EVERY_MS, Math.max(now, began + 4 * EVERY_MS)));
  await until(async () => (await alarm('Pan 93', 'high')) === undefined, 'the alarm to leave the list');
  await until(async () => (await alarm('Pan 91', 'high_high')).state === 'D', 'the other to have returned');
  const row = rowOf('Pan 91', 'Pressure high-high');
  await until(async () => (await textOf(session, row)).startsWith('DReturned'), 'the list to say so');
  await click(session, `${row} td:nth-child(5)`);
  await rested();
  await press(session, 'Acknowledge', 'main .detail');
  await until(async () => (await alarm('Pan 91', 'high_high')) === undefined, 'it to leave the list');
  await until(async () => (await textOf(session, row)) === '', 'its row to go');
});

step('Enter opens the trend around the alarm', async () => {
  await click(session, `${rowOf('Pan 94', 'Pressure low-low')} td:nth-child(5)`);
  await session.keys('Enter');
  await session.waitFor(`return document.querySelector('main .canvas canvas') !== null;`, 'the trend');
  assert.deepEqual(await textsOf(session, 'main .pens .pick'), ['Pan 94 Pressure']);
  await until(async () => (await textsOf(session, 'main .mark')).join().includes('Pan 94 pressure low-low'), 'the alarm’s mark');
});
