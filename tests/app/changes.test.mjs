// Config changes as their author and their approver do them: nonsense refused at the field, the difference, a wrong
// passphrase, rejection, withdrawal, and a machine that takes its time to answer.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { openScreen } from '../../scripts/lib/walk.mjs';
import { until } from '../../scripts/lib/webdriver.mjs';
import {
  aPan, axe, brokerPort, call, click, ENGINEER, fill, inPassphraseWindow, openDemo, openTrendOf, signIn, stepsAt, SUPERVISOR, textOf, textsOf, typePassphrase,
} from './support.mjs';

const TEMPERATURE = 'main input[aria-label="Temperature setpoint"]';
const LOW_INTERLOCK = 'main input[aria-label="Temperature interlock, low"]';
const REASON = 'The massecuite is stiffer since Monday.';
const NO = 'Not in the middle of a strike.';
/** What is asked of the pan, which works at 46 °C. */
const WANTED = 46.5;

let app;
let session;
let pan;
let machine;
before(async () => {
  app = await openDemo(['--machines', '2']);
  session = app.session;
  pan = aPan(await brokerPort(session), 'pan-91');
  pan.report();
  pan.measure([{ time: Date.now(), temperature: 46, pressure: 65, motor_power: 12 }]);
  machine = await until(async () => (await configs()).machines.find(({ name }) => name === pan.name)?.machine, 'the pan to be known');
  await openScreen(session, '4', 'configs');
  await signIn(app, ENGINEER);
  await click(session, 'main [role=option]', pan.name);
  await session.waitFor(`return document.querySelector('main .form h2')?.textContent === arguments[0] && document.querySelector(arguments[1]) !== null;`, 'the form', 20_000, pan.name, TEMPERATURE);
});
after(() => app?.close());
const step = stepsAt(() => session);

const configs = () => call(session, 'configs');
const newest = async () => (await configs()).changes[0];
const side = () => textOf(session, 'main .side');
const saysAside = (text) => until(async () => (await side()).includes(text), `“${text}” beside the form`);
const timeline = () => textOf(session, 'main .timeline');
const isDisabled = (text) =>
  session.script(`return [...document.querySelectorAll('main .side button')].find((each) => each.textContent.trim().startsWith(arguments[0]))?.disabled;`, text);
async function change(user) {
  await call(session, 'sign_out');
  await signIn(app, user);
}
/** Fills the form and asks for the passphrase window. */
async function propose(value = WANTED) {
  await fill(session, TEMPERATURE, String(value));
  await session.type('main .side textarea', REASON);
  await click(session, 'main .side button', 'Request change');
}

step('a value that makes no sense is told at its field, and nothing can be requested', async () => {
  const fields = [
    [TEMPERATURE, 'warm', '“warm” is no number.'],
    [TEMPERATURE, '95', 'Allowed: 30–90 °C.'],
    [TEMPERATURE, '46.55', 'In steps of 0.1 °C.'],
    ['main input[aria-label="Sample interval"]', '1000.5', 'A whole number is needed.'],
  ];
  for (const [css, typed, sentence] of fields) {
    await fill(session, css, typed);
    const told = await session.waitFor(
      `const field = document.querySelector(arguments[0]);
       const ids = field.getAttribute('aria-describedby')?.split(' ') ?? [];
       return field.getAttribute('aria-invalid') === 'true' && ids.map((id) => document.getElementById(id)?.textContent.trim()).find((text) => text.length > 0 && text.startsWith(arguments[1]));`,
      `“${sentence}” at the field`,
      10_000,
      css,
      sentence.slice(0, 5),
    );
    assert.equal(told, sentence);
    assert.equal(await isDisabled('Request change'), true);
    await click(session, 'main .side button', 'Discard');
  }
  assert.deepEqual((await configs()).changes, []);
});

step('interlocks in the wrong order are told too, and those that the machine would trip at', async () => {
  const [, high] = pan.config.temperature_interlocks;
  const told = (sentence) =>
    session.waitFor(`return document.querySelector('main .form .problem')?.textContent.trim().startsWith(arguments[0]);`, `“${sentence}”`, 10_000, sentence);
  await fill(session, LOW_INTERLOCK, String(high + 1));
  await told('The first must be lower than the second.');
  // One that would trip the machine at once is the core's to find.
  await fill(session, LOW_INTERLOCK, String(pan.config.temperature_setpoint + 5));
  await told('The machine would trip by itself');
  await click(session, 'main .side button', 'Discard');
});

step('the difference is shown in the form and beside it, and a reason is needed', async () => {
  await fill(session, TEMPERATURE, String(WANTED));
  await saysAside('Temperature setpoint 46.0→46.5');
  const row = await session.script(`return document.querySelector(arguments[0]).closest('tr').innerText.replace(/\\s+/g, ' ');`, TEMPERATURE);
  assert.match(row, /46\.0 ?→ ?46\.5/);
  assert.equal((await textsOf(session, 'main .form del')).every((text) => text === '46.0'), true, 'other fields differ too');
  await saysAside('one needed, not by the author');
  await saysAside('A reason is needed.');
  assert.equal(await isDisabled('Request change'), true);
});

step('a wrong passphrase is refused in its window, which says so; given up, nothing is requested', async () => {
  await session.type('main .side textarea', REASON);
  await click(session, 'main .side button', 'Request change');
  await inPassphraseWindow(app, async ({ type, giveUp }) => {
    assert.match(await textOf(session, 'main .sentence'), /Pan 91/);
    type('boil at 64 degrees');
    await session.waitFor(`return document.querySelector('#problem').textContent === 'That is not the passphrase. Try again.';`, 'the refusal');
    assert.equal(await session.script(`return document.querySelector('input').value;`), '', 'what was typed stands there still');
    assert.deepEqual(await axe(session), []);
    giveUp();
  });
  await saysAside('Given up in the passphrase window. Nothing was signed, nothing was sent.');
  assert.deepEqual((await configs()).changes, []);
  await click(session, 'main .side button', 'Discard');
});

step('a request awaits its approval, and says since when', async () => {
  await propose();
  await typePassphrase(app, ENGINEER.passphrase);
  await until(async () => (await newest())?.state === 'requested', 'the request');
  await until(async () => /Approval awaited ?since \d\d:\d\d:\d\d ?for/.test(await timeline()), 'the timeline to say so');
});

step('an approver has to say why it is rejected, and the author reads it', async () => {
  await change(SUPERVISOR);
  await saysAside('four eyes: you are not the author');
  await session.waitFor(`return document.querySelector('.rail .badge')?.getAttribute('aria-label') === '1 awaiting approval';`, 'the rail to tell the approver');
  await click(session, 'main .side button', 'Reject');
  await saysAside('Say in the remark why it is rejected.');
  await session.type('main .side textarea', NO);
  await click(session, 'main .side button', 'Reject');
  await typePassphrase(app, SUPERVISOR.passphrase);
  await until(async () => (await newest()).state === 'rejected', 'the rejection');
  await change(ENGINEER);
  await until(async () => (await timeline()).includes(NO), 'the author to see the reason');
  assert.match(await timeline(), /: rejected/);
  assert.match(await timeline(), new RegExp(`Rejected ?\\d\\d:\\d\\d:\\d\\d ?${SUPERVISOR.name}`));
});

step('the author withdraws a request', async () => {
  await propose();
  await typePassphrase(app, ENGINEER.passphrase);
  await click(session, 'main .side button', 'Withdraw');
  await typePassphrase(app, ENGINEER.passphrase);
  await until(async () => (await newest()).state === 'withdrawn', 'the withdrawal');
  await until(async () => (await timeline()).includes(': withdrawn'), 'the timeline to say so');
  assert.equal((await newest()).may_decide, false);
});

step('a machine that does not answer is awaited, and says since when', async () => {
  await propose();
  await typePassphrase(app, ENGINEER.passphrase);
  await until(async () => (await newest()).state === 'requested', 'the request');
  await change(SUPERVISOR);
  await click(session, 'main .side button', 'Approve and send');
  await typePassphrase(app, SUPERVISOR.passphrase);
  await until(async () => (await newest()).state === 'published', 'the change to be published');
  await until(async () => /Published.*Receipt awaited ?since \d\d:\d\d:\d\d ?for/.test(await timeline()), 'the timeline to await the receipt');
  assert.doesNotMatch(await timeline(), /Received/);
});

step('what it then says is shown step by step, and marked in its trend', async () => {
  const { version } = (await newest()).machines[0];
  const config_version = (await call(session, 'config_detail', machine)).desired_version;
  pan.report({ config_version, status: 'received' });
  await until(async () => /Received ?\d\d:.*Effect awaited ?since/.test(await timeline()), 'the receipt');
  assert.equal((await newest()).state, 'received');
  pan.report({ config_version, status: 'applied', config: { ...pan.config, temperature_setpoint: WANTED } });
  await until(async () => new RegExp(`${version}: applied`).test(await timeline()), 'the effect');
  assert.match(await textOf(session, 'main [role=option][aria-selected=true]'), new RegExp(`${version}.*(in sync|applied)`));
  await openTrendOf(session, pan.name);
  await until(async () => (await textsOf(session, 'main .mark')).join().includes(`${pan.name} config ${version} applied`), 'the mark in the trend');
});

step('the history keeps all three, with their reasons', async () => {
  await openScreen(session, '4', 'configs');
  await click(session, 'main .toolbar .seg button', 'History');
  const rows = await until(async () => {
    const all = await textsOf(session, 'main .history tbody tr');
    return all.length === 3 && all;
  }, 'three changes');
  assert.deepEqual(rows.map((row) => ['applied', 'withdrawn', 'rejected'].find((state) => row.includes(state))), ['applied', 'withdrawn', 'rejected']);
  for (const row of rows) assert.ok(row.includes(REASON) && row.includes('46.0→46.5'), row);
});
