// The first start, as somebody new meets it: the connection test, the plant connected, and the demo.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { untilLive } from '../../scripts/lib/walk.mjs';
import { freePort, until } from '../../scripts/lib/webdriver.mjs';
import { call, press } from '../app/support.mjs';
import { aBroker, choosePassphrase, openDesk } from './support.mjs';

const STEPS = ['Name resolved', 'Port open', 'Logged in', 'Subscribed', 'First message decoded'];

let desk;
let broker;
before(async () => {
  desk = await openDesk();
  broker = await aBroker(desk);
});
after(() => desk?.close());

/** Waits for the page that asks. */
const asked = (session) => session.waitFor(`return Boolean(document.querySelector('#setup-host'));`, 'the first-start page');

async function fill(session, fields) {
  for (const [name, text] of Object.entries(fields)) {
    await session.clear(`#setup-${name}`);
    await session.type(`#setup-${name}`, text);
  }
}

/** Presses the test's button and gives each step as `[name, how it went, detail]`. */
async function tried(session) {
  // A test may be over before anybody can look whether it has begun.
  await session.script(
    `window.testOver = false;
     const over = (_, observer) => { window.testOver = document.querySelector('.test').getAttribute('aria-busy') === 'false'; if (window.testOver) observer.disconnect(); };
     new MutationObserver(over).observe(document.querySelector('.test'), { attributeFilter: ['aria-busy'] });`,
  );
  await press(session, 'Test', 'main form');
  await session.waitFor(`return window.testOver;`, 'the test to end');
  return session.script(
    `return [...document.querySelectorAll('.test li')].map((step) => {
       const name = step.querySelector('b');
       const how = name.classList.contains('failed') ? 'failed' : name.classList.contains('idle') ? 'not reached' : 'passed';
       return [name.textContent.trim(), how, step.querySelector('pre')?.textContent ?? ''];
     });`,
  );
}

/** That the steps passed up to the one that failed, and that none was reached after it; gives what was said. */
function stopsAt(steps, failed) {
  const at = STEPS.indexOf(failed);
  const how = STEPS.map((name, place) => [name, place < at ? 'passed' : place === at ? 'failed' : 'not reached']);
  assert.deepEqual(steps.map(([name, state]) => [name, state]), how);
  return steps[at][2];
}

test('the connection test names the step that fails, and then the plant is connected and live', async (t) => {
  const session = await desk.open('--data', desk.path('site'));
  await asked(session);
  const shown = await session.script(`return [...document.querySelectorAll('.test li b')].map((step) => step.textContent.trim());`);
  assert.deepEqual(shown, STEPS, 'the steps shown before the test');

  await t.test('a name that nobody knows', async () => {
    await fill(session, { host: 'broker.invalid', port: '1883' });
    assert.match(stopsAt(await tried(session), 'Name resolved'), /“broker\.invalid”: check the name/);
  });
  await t.test('a port that nobody listens on', async () => {
    await fill(session, { host: 'localhost', port: String(await freePort()) });
    assert.match(stopsAt(await tried(session), 'Port open'), /check the port/);
  });
  await t.test('a login that is refused', async () => {
    await broker.start('allow_anonymous false');
    await fill(session, { host: '127.0.0.1', port: String(broker.port) });
    assert.match(stopsAt(await tried(session), 'Logged in'), /check user name and password/);
  });
  await t.test('a message that cannot be read', async () => {
    await broker.start();
    const topic = '/devices/pan-01/events';
    const publishing = setInterval(() => broker.publish(topic, ['not JSON']), 500);
    try {
      assert.match(stopsAt(await tried(session), 'First message decoded'), /\/devices\/pan-01\/events: /);
    } finally {
      clearInterval(publishing);
    }
  });

  const pans = desk.ctlStart('simulate', '--machines', '2', '--rate', '2', '--to', broker.url);
  await t.test('all steps pass, with what they found', async () => {
    const steps = await tried(session);
    assert.deepEqual(steps.map(([name, how]) => [name, how]), STEPS.map((name) => [name, 'passed']));
    assert.match(steps[0][2], /127\.0\.0\.1/);
    assert.match(steps[4][2], /temperature \d+/);
  });
  await t.test('the site is created and its machines are live', async () => {
    await fill(session, { site: 'Works by the river', user: 'Ada' });
    await press(session, 'Create site and connect', 'main form');
    await choosePassphrase(desk, 'nine pans on the river');
    await untilLive(session);
    const [hello, sources, plant] = [await call(session, 'hello'), await call(session, 'sources'), await call(session, 'plant')];
    assert.equal(hello.site, 'Works by the river');
    assert.equal(hello.first_start, false);
    assert.equal(sources[0].state, 'connected');
    assert.equal(plant.machines.length, 2);
    assert.doesNotMatch(await session.script('return document.body.textContent'), /DEMO/);
  });
  pans.child.kill('SIGINT');
  await session.end();
});

test('“look at the demo” leads to the demo plant and touches no site', async () => {
  const session = await desk.open('--data', desk.path('look'), '--machines', '3');
  await asked(session);
  await session.script(`document.querySelector('input[value=demo]').click();`);
  await press(session, 'Start the demo', 'main');
  await untilLive(session);
  assert.match(await session.script(`return document.querySelector('.top').textContent`), /DEMO/);
  const hello = await call(session, 'hello');
  assert.equal(hello.demo, true);
  assert.match(hello.data_folder, /look.demo$/);
  await until(async () => (await call(session, 'plant')).machines.length === 3, 'three machines');
});
