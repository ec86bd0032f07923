// What the window says about a broker that cannot be used, and that it comes back by itself or when asked to.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { until } from '../../scripts/lib/webdriver.mjs';
import { call, press, textOf } from '../app/support.mjs';
import { aBroker, found, openDesk } from './support.mjs';

const BLIND = /^BLIND since \d{1,2}[:.]\d\d/;
let desk;
let broker;
let session;
before(async () => {
  desk = await openDesk();
  broker = await aBroker(desk);
  found(desk, desk.path('data'), broker.url);
  session = await desk.open('--data', desk.path('data'));
});
after(() => desk?.close());

const source = async (of = session) => (await call(of, 'sources'))[0];

/** What a person is told in the window while the source is offline for this reason. */
async function told(code, of = session) {
  const { problem } = await until(
    async () => {
      const now = await source(of);
      return now.state === 'offline' && now.problem?.code === code && now;
    },
    `the source to be offline with ${code}`,
    40_000,
  );
  const shown = `[...document.querySelectorAll('main .notice [data-raw]')].some((each) => each.textContent.trim() === arguments[0])`;
  await of.waitFor(`return ${shown};`, `the sentence “${problem.sentence}”`, 10_000, problem.sentence);
  await until(async () => BLIND.test(await textOf(of, '.top .banner.blind')), 'the alarm bar to say BLIND');
  assert.equal(await textOf(of, '.top .banner.quiet'), '', 'the alarm bar says that there is no alarm');
  assert.match(await textOf(of, '.top .chip'), /offline since/);
  const title = await of.script(`return document.querySelector('.top .chip').title;`);
  assert.ok(title.includes(problem.sentence), `the top bar does not say why: ${title}`);
  return problem.sentence;
}

/** Presses the button that tries at once. */
const retry = () => press(session, 'Try now', 'main .notice');

test('nobody listens on the port: it says so, and the button connects long before the next try', async () => {
  assert.match(await told('port_closed'), new RegExp(`port ${broker.port}.*: check the port`));
  // Waiting doubles, so that soon there is a wait that only the button can have cut short.
  const waits = await until(async () => {
    const at = (await source()).problem?.retry_at_ms;
    return at && at - Date.now() > 6000 && at;
  }, 'a wait of some seconds');
  await broker.start();
  await retry();
  await until(async () => (await source()).state === 'connected', 'the connection');
  assert.ok(Date.now() < waits, 'it was the next try that connected, and not the button');
  await until(async () => !(await textOf(session, '.top .banner')).includes('BLIND'), 'the alarm bar to see again');
});

test('the broker goes away: blind at once, and its machines are there when it is back', async () => {
  await broker.stop();
  await told('port_closed');
  await broker.start();
  await retry();
  await until(async () => (await source()).state === 'connected', 'the connection');
  broker.publish('/devices/pan-01/events', [JSON.stringify({ time: Date.now(), temperature: 71.5 })]);
  await session.waitFor(`return Boolean(document.querySelector('article.tile'));`, 'the machine’s tile');
});

test('the login is refused', async () => {
  const passwords = desk.path('passwords');
  assert.equal(spawnSync('mosquitto_passwd', ['-b', '-c', passwords, 'station', 'right']).status, 0);
  await broker.start('allow_anonymous false', `password_file ${passwords}`);
  await retry();
  assert.match(await told('refused_login'), /check user name and password/);
});

test('the subscription is refused: connected, and blind all the same', async () => {
  const rules = desk.path('rules.json');
  const defaultACLAccess = { publishClientSend: true, publishClientReceive: true, subscribe: false, unsubscribe: true };
  writeFileSync(rules, JSON.stringify({ defaultACLAccess, clients: [], groups: [], roles: [] }));
  const libraries = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}`);
  const plugin = libraries.flatMap((folder) => {
    const file = `${folder}/mosquitto_dynamic_security.so`;
    return spawnSync('test', ['-f', file]).status === 0 ? [file] : [];
  })[0];
  await broker.start(`plugin ${plugin}`, `plugin_opt_config_file ${rules}`);
  await retry();
  assert.match(await told('refused_subscription'), /\/devices\/.*ask its administrator/);
});

test('what listens there is no broker', async () => {
  await broker.stop();
  const web = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await once(web.listen(broker.port, '127.0.0.1'), 'listening');
  try {
    await retry();
    assert.match(await told('not_mqtt'), /may be a web server/);
  } finally {
    web.close();
  }
});

test('the name is not resolved', async () => {
  await session.end();
  found(desk, desk.path('nowhere'), 'mqtt://broker.invalid:1883');
  const other = await desk.open('--data', desk.path('nowhere'));
  assert.match(await told('name_not_resolved', other), /“broker\.invalid”: check the name/);
});
