// The application killed in the middle of a plant's stream: the next start has every acknowledged reading once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../scripts/lib/webdriver.mjs';
import { call } from '../app/support.mjs';
import { aBroker, committed, found, openDesk } from './support.mjs';

const KILLS = 3;

let desk;
before(async () => {
  desk = await openDesk();
});
after(() => desk?.close());

test('killed mid-stream three times, nothing that the broker took is lost or doubled, and the window opens', async () => {
  const broker = await aBroker(desk);
  await broker.start('max_inflight_messages 100');
  const data = desk.path('data');
  found(desk, data, broker.url);
  const pans = desk.ctlStart('simulate', '--machines', '5', '--rate', '20', '--to', broker.url, '--for', '15s', '--json');
  for (let kill = 0; kill < KILLS; kill++) {
    const app = desk.app('--data', data);
    await until(() => committed(app) > 0, `start ${kill + 1} to commit; it said: ${app.said}`);
    app.child.kill('SIGKILL');
    await app.ended;
  }
  await pans.ended;
  const { sent, acknowledged } = JSON.parse(pans.lines.at(-1));
  assert.equal(sent, acknowledged, 'the pans were not told of all');
  assert.ok(acknowledged > 200, `only ${acknowledged} readings were sent`);

  const session = await desk.open('--data', data);
  await session.waitFor(`return document.querySelectorAll('article.tile').length === 5;`, 'the tiles of the five pans');
  const counters = async () => (await call(session, 'storage')).counters;
  await until(async () => (await counters()).committed >= acknowledged, `${acknowledged} readings to be committed`);
  const { committed: stored, quarantined } = await counters();
  assert.equal(stored, acknowledged);
  assert.equal(quarantined, 0);
  await session.end();
});
