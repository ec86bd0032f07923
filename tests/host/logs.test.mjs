// The logs stay bounded in number and size, whatever is written: the oldest goes when the newest is full.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '../../scripts/lib/webdriver.mjs';
import { openDesk } from './support.mjs';

const FILES = 10;
const FILE_BYTES = 5_000_000;

let desk;
before(async () => {
  desk = await openDesk();
});
after(() => desk?.close());

const name = (age) => (age === 0 ? 'panfloor.log' : `panfloor.${age}.log`);

/** Starts the application on these logs, waits until it has written to them, and ends it. */
async function startOn(logs) {
  const written = () => readdirSync(logs).length > 0 && statSync(join(logs, name(0))).mtimeMs > began;
  const began = Date.now();
  const app = desk.app('--data', join(logs, '..'), '--hidden');
  await until(() => written() && /[A-Z]+ panfloor/.test(readFileSync(join(logs, name(0)), 'utf8')), 'a line in the log');
  app.child.kill('SIGTERM');
  await app.ended;
}

test('a full log makes every file one older, and the oldest goes', async () => {
  const logs = desk.path('full', 'logs');
  mkdirSync(logs, { recursive: true });
  for (let age = 0; age < FILES; age++) writeFileSync(join(logs, name(age)), age === 0 ? 'x'.repeat(FILE_BYTES) : `age ${age}\n`);
  await startOn(logs);
  assert.deepEqual(readdirSync(logs).sort(), Array.from({ length: FILES }, (_, age) => name(age)).sort());
  assert.equal(statSync(join(logs, name(1))).size, FILE_BYTES);
  for (let age = 2; age < FILES; age++) assert.equal(readFileSync(join(logs, name(age)), 'utf8'), `age ${age - 1}\n`);
  assert.ok(statSync(join(logs, name(0))).size < FILE_BYTES / 10);
});

test('a log with room is gone on with', async () => {
  const logs = desk.path('room', 'logs');
  mkdirSync(logs, { recursive: true });
  writeFileSync(join(logs, name(0)), 'from the last start\n');
  await startOn(logs);
  assert.deepEqual(readdirSync(logs), [name(0)]);
  assert.match(readFileSync(join(logs, name(0)), 'utf8'), /^from the last start\n.*panfloor/);
});
