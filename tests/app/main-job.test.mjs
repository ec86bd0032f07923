// The main job through the real application: sign in, see a live value change, acknowledge an alarm by key, request a
// setpoint, let a second user approve it, see it applied, and see the trend move.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { openScreen } from '../../scripts/lib/walk.mjs';
import { until } from '../../scripts/lib/webdriver.mjs';
import { call, ENGINEER, openDemo, openTrendOf, press, signIn, stepsAt, SUPERVISOR, textOf, typePassphrase } from './support.mjs';

const [AUTHOR, APPROVER] = [ENGINEER, SUPERVISOR];
const PAN = 'Pan 05';
const STEP_C = 0.5;

let app;
let session;
before(async () => {
  app = await openDemo();
  session = app.session;
});
after(() => app?.close());

const step = stepsAt(() => session);

const temperatureOf = (pan) =>
  session.script(
    `const tile = [...document.querySelectorAll('article.tile')].find((each) => each.getAttribute('aria-label')?.startsWith(arguments[0]));
     return tile?.querySelector('.v b')?.textContent ?? '';`,
    pan,
  );

step('the window says that it is a demo, and a live value changes', async () => {
  assert.match(await session.script('return document.body.textContent'), /DEMO/);
  const first = await temperatureOf(PAN);
  assert.match(first, /^\d+[.,]\d$/);
  await until(async () => (await temperatureOf(PAN)) !== first, 'the temperature to change', 60_000);
});

step('the author signs in', () => signIn(app, AUTHOR));

step('an alarm is acknowledged by key', async () => {
  await until(async () => (await call(session, 'alarms')).rows.some((row) => row.state === 'B'), 'an unacknowledged alarm', 120_000);
  await session.waitFor(`return Boolean(document.querySelector('.banner.alarm'));`, 'the alarm’s banner');
  const shown = await textOf(session, '.banner.alarm b');
  await session.keys('Alt', 'a');
  await until(
    async () => (await call(session, 'alarms')).rows.some((row) => row.state === 'C' && row.acknowledged_by === AUTHOR.name),
    `the alarm of ${shown} to be acknowledged`,
  );
});

let wanted;
let machine;
let requestedAt;
step('the author requests another setpoint', async () => {
  const configs = await call(session, 'configs');
  machine = configs.machines.find((row) => row.name === PAN).machine;
  await openScreen(session, '4', 'configs');
  await session.waitFor(
    `const row = [...document.querySelectorAll('main [role=option], main tr, main li, main button')].find((each) => each.textContent.trim().startsWith(arguments[0]));
     row?.click();
     return document.querySelector('main input[aria-label="Temperature setpoint"]') !== null;`,
    `the form of ${PAN}`,
    30_000,
    PAN,
  );
  const now = Number(await session.script(`return document.querySelector('main input[aria-label="Temperature setpoint"]').value;`));
  wanted = Math.round((now + STEP_C) * 10) / 10;
  requestedAt = Date.now();
  await session.clear('main input[aria-label="Temperature setpoint"]');
  await session.type('main input[aria-label="Temperature setpoint"]', String(wanted));
  await session.type('main textarea', 'The massecuite is stiffer since Monday.');
  await press(session, 'Request change', 'main');
  await typePassphrase(app, AUTHOR.passphrase);
  await until(async () => (await call(session, 'configs')).changes.some((change) => change.state === 'requested'), 'the request');
});

step('the author cannot approve it', async () => {
  const [change] = (await call(session, 'configs')).changes;
  assert.equal(change.may_decide, false);
  assert.match(change.why_not, /author/);
});

step('a second user approves it, and the machine proves that it obeyed', async () => {
  await call(session, 'sign_out');
  await signIn(app, APPROVER);
  await press(session, 'Approvals', 'main');
  await press(session, 'Approve', 'main');
  await typePassphrase(app, APPROVER.passphrase);
  const applied = await until(async () => {
    const [change] = (await call(session, 'configs')).changes;
    return change.state === 'applied' && change;
  }, 'the change to be applied', 60_000);
  const steps = applied.machines[0].steps;
  assert.deepEqual(steps.map(({ step: name }) => name), ['requested', 'approved', 'publishing', 'published', 'received', 'applied']);
  const times = steps.map(({ time_ms }) => time_ms);
  assert.ok(times.every((time) => time > 0) && times.every((time, i) => i === 0 || time >= times[i - 1]), `${times}`);
  assert.equal(applied.author, AUTHOR.name);
  assert.equal(applied.approvals[0].user, APPROVER.name);
});

step('the trend moves to the new setpoint', async () => {
  await openTrendOf(session, PAN);
  const plant = await call(session, 'plant');
  const bands = plant.machines.find((each) => each.id === machine).bands.find((each) => each.metric === 'temperature').bands;
  assert.equal(bands.at(-1).setpoint, wanted, 'the setpoint in force is not the one asked for');
  /** Mean of the pen's last ten seconds, as the chart gets it. */
  const trend = async (toMs) => {
    const request = { pens: [{ machine, metric: 'temperature' }], from_ms: toMs - 10_000, to_ms: toMs, pixels: 600, query: 'test' };
    const bytes = await session.scriptAsync(
      `const done = arguments[1]; window.__TAURI_INTERNALS__.invoke('trend', { request: arguments[0] }).then((frame) => done([...new Uint8Array(frame)]), (problem) => done(String(problem)));`,
      request,
    );
    // The layout is that of crates/app/api/src/frame.rs: 32 bytes, then the pen's header and its statistics, the mean first.
    return new DataView(Uint8Array.from(bytes).buffer).getFloat64(48, true);
  };
  const before = await trend(requestedAt);
  assert.ok(Math.abs(before - wanted) > 0.2, `it was at ${before} °C before, too near ${wanted} °C to show anything`);
  await until(async () => Math.abs((await trend(Date.now())) - wanted) < 0.12, `the trend to come within 0.12 °C of ${wanted}`, 240_000);
  const marks = await call(session, 'trend_marks', { pens: [{ machine, metric: 'temperature' }], from_ms: Date.now() - 600_000, to_ms: Date.now() });
  assert.ok(marks.events.some((mark) => mark.kind === 'config' && mark.what === 'applied'));
});
