// Trends with a real mouse and keyboard: pens, spans, wheel, drag, keys, readout, gaps, marks, and the export through
// the system's save dialog. Two pans of the test's own say what is to be seen.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { until } from '../../scripts/lib/webdriver.mjs';
import { aPan, brokerPort, call, click, mouseOf, openDemo, openTrendOf, saveAs, stepsAt, textOf, textsOf } from './support.mjs';

const EVERY_MS = 10_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What the pans did, before `origin`: three hours of readings with twenty minutes of silence, and at last a pressure too high. */
const HISTORY_MS = 3 * HOUR_MS;
const SILENT_MS = [40 * MINUTE_MS, 20 * MINUTE_MS];
const HIGH_MS = 2 * MINUTE_MS;
const RAW = /^Raw data/;
const MINUTES = /^Minute data/;

let app;
let session;
let mouse;
let zone;
let origin;
before(async () => {
  app = await openDemo(['--machines', '2']);
  session = app.session;
  mouse = mouseOf(app);
  zone = (await call(session, 'hello')).time_zone;
  const port = await brokerPort(session);
  origin = Math.floor(Date.now() / 1000) * 1000;
  for (const address of ['pan-91', 'pan-92']) {
    const pan = aPan(port, address, EVERY_MS);
    pan.report();
    pan.measure(times().map((time) => ({ time, temperature: temperature(time), pressure: pressure(time) })));
  }
  await until(async () => (await call(session, 'alarms')).rows.some(({ condition }) => condition === 'limit:high_high'), 'the alarms');
});
after(() => app?.close());
const step = stepsAt(() => session);

/** Neighbours differ by more than the readout's last digit. */
const temperature = (time) => 45.2 + ((((origin - time) / EVERY_MS) * 7) % 17) / 10;
const pressure = (time) => (origin - time < HIGH_MS ? 76 : 64 + (((origin - time) / EVERY_MS) % 20) / 10);
const isSilent = (time) => origin - time < SILENT_MS[0] && origin - time > SILENT_MS[1];
function times() {
  const all = [];
  for (let time = origin - HISTORY_MS; time <= origin; time += EVERY_MS) if (!isSilent(time)) all.push(time);
  return all;
}

/** Seconds of the plant's day; the screen shows times so. */
const secondsOf = (text) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
const clockOf = (ms) => secondsOf(new Intl.DateTimeFormat('en', { timeZone: zone, timeStyle: 'medium', hourCycle: 'h23' }).format(ms));
const DAY_S = 86_400;
/** From one time of day to a later one. */
const passed = (from, to) => (to - from + DAY_S) % DAY_S;
const apart = (a, b) => Math.min(passed(a, b), passed(b, a));

/** What stands over the chart, as a person reads it. */
async function shown() {
  const [label, range, badge, live, box, line] = await session.script(
    `const text = (css) => document.querySelector(css)?.textContent.trim() ?? '';
     const row = document.querySelector('main .row')?.getBoundingClientRect();
     return [document.querySelector('main .canvas')?.getAttribute('aria-label'), text('main .range'), text('main .badge'),
       document.querySelector('main .btn.live')?.getAttribute('aria-pressed'), text('main .box'), row && [row.left, row.width]];`,
  );
  const clocks = range.match(/\d\d:\d\d(:\d\d)?/g) ?? [];
  const [from, to] = clocks.map((clock) => secondsOf(clock.length === 5 ? `${clock}:00` : clock));
  const hover = box.match(/\d\d:\d\d:\d\d/)?.[0];
  return { label, badge, live: live === 'true', from, to, span: passed(from, to), hover: hover && secondsOf(hover), box, left: line?.[0], width: line?.[1] };
}
/** Waits until what stands over the chart is so, and gives it. */
const seen = (what, holds) =>
  until(async () => {
    const now = await shown();
    return holds(now) && now;
  }, what);

/** Moves the mouse to a share of the plot's width, and gives what is shown once the readout is of the moment there. */
async function pointTo(share) {
  const { left, width } = await shown();
  const x = Math.round(left + share * width);
  mouse.move(x, 400);
  const is = await seen('the readout to be of the moment under the mouse', ({ hover, from, span }) => {
    if (hover === undefined) return false;
    return apart(hover, from + ((x - left) / width) * span) <= 2 + (2 * span) / width;
  });
  return { x, ...is };
}

const pens = () => textsOf(session, 'main .pens .pick');

step('the trend opens from a machine, with its temperature and pressure', async () => {
  await openTrendOf(session, 'Pan 91');
  await seen('the chart', ({ badge }) => RAW.test(badge));
  assert.deepEqual(await pens(), ['Pan 91 Temperature', 'Pan 91 Pressure']);
  const { live, label } = await shown();
  assert.ok(live);
  assert.match(label, /^Trend of 30 min: 2 pens in 2 lanes/);
});

step('pens of a second machine are added, by key and by mouse', async () => {
  await session.keys('p');
  await session.type('[role=combobox]', '92 temp');
  await session.keys('Enter');
  await click(session, 'main .toolbar button', 'Pen');
  await session.type('[role=combobox]', '92 pr');
  await click(session, '[role=option]', 'Pan 92 Pressure');
  await until(async () => (await pens()).length === 4, 'four pens');
  assert.deepEqual(await pens(), ['Pan 91 Temperature', 'Pan 91 Pressure', 'Pan 92 Temperature', 'Pan 92 Pressure']);
  await seen('the chart of four', ({ label }) => /4 pens in 2 lanes/.test(label));
});

step('a click anywhere in a row of the pens selects it, and its cross removes it', async () => {
  await click(session, 'main .pens tbody tr:nth-child(3) td.num');
  await session.waitFor(`return document.querySelector('main .pens tbody tr:nth-child(3)').classList.contains('selected');`, 'the third pen to be selected');
  await click(session, 'main .pens tbody tr:nth-child(4) .tool button');
  await until(async () => (await pens()).length === 3, 'three pens');
});

step('each span shows its length, and says whether it is made of samples or of minutes', async () => {
  const spans = [
    ['2 h', /^2 h/, RAW], ['6 h', /^6 h/, RAW], ['12 h', /^12 h/, RAW], ['1 d', /^(1 d|24 h)/, RAW],
    ['7 d', /^7 d/, MINUTES], ['1 y', /^(1 y|36[456] d)/, MINUTES], ['All', /^3 h/, RAW], ['30 min', /^30 min/, RAW],
  ];
  for (const [button, length, made] of spans) {
    await click(session, 'main .seg button', button);
    const { label } = await seen(`${button} to be made of ${made}`, ({ badge, label }) => made.test(badge) && length.test(label.replace('Trend of ', '')));
    const pressed = await textsOf(session, 'main .seg [aria-pressed=true]');
    assert.deepEqual(pressed, [button], label);
    assert.ok((await shown()).live, 'a span leaves Live');
  }
});

step('the readout says time, value and unit of the sample there', async () => {
  const { hover, box } = await pointTo(0.6);
  const row = (pen) => box.slice(box.indexOf(pen)).match(/(\d+[.,]\d)(°C|mbar)/);
  const near = times().filter((time) => apart(clockOf(time), hover) <= EVERY_MS / 1000);
  assert.ok(near.length >= 2, 'no sample is near');
  const [, celsius, unit] = row('Pan 91 temperature');
  assert.equal(unit, '°C');
  assert.ok(near.some((time) => temperature(time).toFixed(1) === celsius), `${celsius} °C at ${hover}, not ${near.map(temperature)}`);
  const [, mbar, second] = row('Pan 91 pressure');
  assert.equal(second, 'mbar');
  assert.ok(near.some((time) => pressure(time).toFixed(1) === mbar), `${mbar} mbar, not ${near.map(pressure)}`);
});

/** How many pixels of the first pen's colour the upper half of the chart has in a strip about a share of its width. */
const inkAt = (share) =>
  session.script(
    `const canvas = document.querySelector('main .canvas canvas');
     const row = document.querySelector('main .row');
     const scale = canvas.width / canvas.clientWidth;
     const x = Math.round((parseFloat(row.style.left) + arguments[0] * parseFloat(row.style.width)) * scale);
     const probe = document.createElement('i');
     probe.style.color = 'var(--pen-1)';
     document.body.append(probe);
     const pen = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
     probe.remove();
     const { data } = canvas.getContext('2d').getImageData(x - 40, 0, 80, canvas.height / 2);
     let count = 0;
     for (let at = 0; at < data.length; at += 4) if (pen.every((part, i) => Math.abs(data[at + i] - part) < 24)) count += 1;
     return count;`,
    share,
  );

step('a gap stays a gap: no value, no line', async () => {
  const { box } = await pointTo(0.2);
  assert.match(box, /Pan 91 temperature–/, box);
  assert.equal(await inkAt(0.2), 0, 'something is drawn in the gap');
  assert.ok((await inkAt(0.6)) > 100, 'nothing is drawn where there are samples');
});

step('limits and alarms are marked', async () => {
  const [limits] = await textsOf(session, 'main .pens tbody tr:nth-child(2) td:nth-child(4)');
  assert.equal(limits, '58 · 60 – 70 · 72mbar');
  const marks = (await textsOf(session, 'main .mark')).join('\n');
  assert.match(marks, /Pan 91 pressure high-high/);
  assert.match(marks, /Pan 92 pressure high-high/);
});

step('the wheel zooms about the moment under the mouse and leaves Live', async () => {
  const before = await pointTo(0.6);
  mouse.wheel(-3);
  const near = await seen('a shorter span', ({ span }) => span < before.span - 60);
  assert.equal(near.live, false);
  const now = await pointTo(0.6);
  assert.ok(apart(now.hover, before.hover) <= 6, `the moment under the mouse went from ${before.hover} to ${now.hover}`);
  mouse.wheel(3);
  await seen('the span as before', ({ span }) => Math.abs(span - before.span) <= 2);
});

step('a drag moves the moment that was taken hold of', async () => {
  const { x, hover, span, to, width } = await pointTo(0.4);
  const by = 300;
  mouse.press();
  for (let moved = 0; moved <= by; moved += 50) mouse.move(x + moved, 400);
  const meant = (by / width) * span;
  const now = await seen('the window to have moved', ({ to: edge }) => Math.abs(passed(edge, to) - meant) <= 3);
  mouse.release();
  assert.equal(now.span, span);
  assert.equal(now.live, false);
  mouse.move(x + by + 1, 400);
  const there = await seen('the readout', (each) => each.hover !== undefined);
  assert.ok(apart(there.hover, hover) <= 4, `the moment went from ${hover} to ${there.hover}`);
});

step('keys pan and zoom, and L goes back to live', async () => {
  const start = await shown();
  await session.keys('ArrowLeft');
  const left = await seen('a tenth to the left', ({ to }) => Math.abs(passed(to, start.to) - start.span / 10) <= 2);
  await session.keys('+');
  const nearer = await seen('a shorter span', ({ span }) => Math.abs(span - left.span / 1.5) <= 2);
  await session.keys('-');
  await seen('the longer span', ({ span }) => Math.abs(span - nearer.span * 1.5) <= 3);
  await session.keys('l');
  const live = await seen('live', (each) => each.live);
  assert.ok(apart(live.to, clockOf(Date.now())) <= 3, 'the right edge is not now');
});

/** Exports the window on screen in a format, through the menu and the system's dialog. */
async function exported(item, name) {
  await click(session, 'main [aria-haspopup=menu]', 'Export');
  await click(session, 'main [role=menuitem]', item);
  const path = name && join(app.folder, name);
  const bytes = await saveAs(app, path);
  if (path) await until(async () => (await textOf(session, 'main .strip')).includes(path), 'the window to say where it lies');
  return bytes;
}

step('what is seen is exported as CSV: each sample of the window, and none else', async () => {
  // A window that stands still.
  await session.keys('ArrowLeft');
  await seen('a window that stands still', ({ live, badge }) => !live && RAW.test(badge));
  const text = (await exported('CSV', 'seen.csv')).toString('utf8');
  const lines = text.replace(/^\uFEFF/, '').trim().split('\r\n');
  const note = (name) => Date.parse(lines.find((line) => line.startsWith(`# ${name},`)).slice(name.length + 3));
  const [head, ...rows] = lines.filter((line) => !line.startsWith('# ')).map((line) => line.split(','));
  assert.deepEqual(head.slice(0, 5), ['time', 'Pan 91 temperature (°C)', 'Pan 91 temperature quality', 'Pan 91 pressure (mbar)', 'Pan 91 pressure quality']);
  const measured = rows.filter(([, , quality]) => quality === 'good').map(([time, celsius, , mbar]) => [Date.parse(time), Number(celsius), Number(mbar)]);
  const meant = times().filter((time) => time >= note('From') && time < note('To'));
  assert.ok(meant.length > 50, `only ${meant.length} samples are in the window`);
  assert.deepEqual(measured, meant.map((time) => [time, temperature(time), pressure(time)]));
  const rest = rows.filter(([, , quality]) => quality !== 'good');
  assert.ok(rest.length > 0, 'the silence is not told');
  for (const [time, celsius, quality, mbar] of rest) {
    assert.deepEqual([celsius, quality, mbar], ['', 'stale', ''], time);
    assert.ok(isSilent(Date.parse(time)), `${time} is no silence`);
  }
});

step('… as a picture and as a drawing', async () => {
  const png = await exported('PNG', 'seen.png');
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1920, 1080]);
  assert.equal(png.subarray(-8, -4).toString(), 'IEND');
  const svg = (await exported('SVG', 'seen.svg')).toString('utf8');
  assert.match(svg, /^<svg[^>]* width="1920" height="1080"/);
  assert.match(svg, /<\/svg>\s*$/);
  for (const text of ['Pan 91 temperature', 'Pan 92 temperature', 'No data', 'high 47']) assert.ok(svg.includes(text), `the drawing does not say ${text}`);
});

step('a save that is given up writes nothing and is no error', async () => {
  const before = readdirSync(app.folder);
  await exported('CSV');
  await session.waitFor(`return !document.querySelector('main [aria-haspopup=menu]').disabled;`, 'the export to be over');
  assert.deepEqual(readdirSync(app.folder), before);
  assert.equal(await textOf(session, '.notices'), '');
});
