// What the window and panfloorctl say about a store that cannot be used; nothing is overwritten.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '../../scripts/lib/webdriver.mjs';
import { call, textOf } from '../app/support.mjs';
import { aBroker, found, mounted, openDesk } from './support.mjs';

let desk;
before(async () => {
  desk = await openDesk();
});
after(() => desk?.close());

/** Every file that holds data, with a fingerprint of its content; the lock names its process, and a WAL may be opened empty. */
const content = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'lock' && !/-(wal|shm)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((path) => `${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`)
    .sort();

/** A store that has been used and closed. */
function aStore(name) {
  const done = desk.ctl('run', '--data', desk.path(name, 'site'), '--broker', 'mqtt://127.0.0.1:1', '--for', '100ms');
  assert.equal(done.status, 0, done.stderr);
  return desk.path(name);
}

/** That window, stderr and panfloorctl all say it, and that the alarm bar does not call it quiet. */
async function isSaid(data, said) {
  const session = await desk.open('--data', data);
  await session.waitFor(`return Boolean(document.querySelector('main .notice.first'));`, 'the window to say what is wrong');
  assert.match(await textOf(session, 'main .notice.first'), said);
  assert.doesNotMatch(await textOf(session, '.top'), /No unacknowledged alarm/);
  await until(() => session.said() !== '', 'stderr');
  assert.match(session.said(), said);
  await session.end();

  const ctl = desk.ctl('run', '--data', join(data, 'site'), '--broker', 'mqtt://127.0.0.1:1', '--for', '1s');
  assert.notEqual(ctl.status, 0);
  assert.equal(ctl.stdout, '');
  assert.equal(ctl.stderr.trim().split('\n').length, 1, ctl.stderr);
  assert.match(ctl.stderr, said);
}

test('a store of a newer version', async () => {
  const data = aStore('newer');
  const newer = 'import sqlite3, sys; base = sqlite3.connect(sys.argv[1]); base.execute("PRAGMA user_version = 999"); base.commit()';
  assert.equal(spawnSync('python3', ['-c', newer, join(data, 'site', 'live.db')]).status, 0);
  const before = content(join(data, 'site'));
  await isSaid(data, /live\.db has version 999, this Panfloor knows versions up to \d+: install the newer Panfloor/);
  assert.deepEqual(content(join(data, 'site')), before);
});

test('a file where the data folder should be', async () => {
  const data = desk.path('a-file');
  writeFileSync(data, 'mine');
  await isSaid(data, /a-file.* cannot be written \(.+\): give this user the right to write there, or choose another data folder/);
  assert.equal(readFileSync(data, 'utf8'), 'mine');
});

test('a data folder that may only be read', async (t) => {
  const data = aStore('read-only');
  if (!mounted(t, desk, '--bind', data, data)) return;
  assert.equal(spawnSync('mount', ['-o', 'remount,bind,ro', data]).status, 0);
  const before = content(data);
  await isSaid(data, /read-only.* cannot be written \(.+\): give this user the right to write there, or choose another data folder/);
  assert.deepEqual(content(data), before);
});

test('the disk fills up while it runs: it says so, and with room again everything arrives once', async (t) => {
  const disk = desk.path('disk');
  mkdirSync(disk);
  if (!mounted(t, desk, '-t', 'tmpfs', '-o', 'size=16m', 'panfloor-test', disk)) return;
  const broker = await aBroker(desk);
  await broker.start('max_inflight_messages 100');
  found(desk, join(disk, 'data'), broker.url);
  const session = await desk.open('--data', join(disk, 'data'));
  await until(async () => (await call(session, 'sources'))[0]?.state === 'connected', 'the connection');

  const filler = join(disk, 'filler');
  const free = () => statfsSync(disk).bavail * statfsSync(disk).bsize;
  try {
    while (free() > 0) appendFileSync(filler, Buffer.alloc(Math.min(free(), 1 << 20), 1));
  } catch (problem) {
    assert.equal(problem.code, 'ENOSPC');
  }
  const values = (number) => Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`metric_${at}`, Math.sin(number * 97 + at)]));
  const began = Date.now() - 3_600_000;
  const reading = (number) => JSON.stringify({ time: began + number * 100, ...values(number) });
  let sent = 0;
  // What the files of the store had room for already is filled first.
  const trouble = await until(async () => {
    broker.publish('/devices/pan-01/events', Array.from({ length: 250 }, () => reading(sent++)));
    return (await call(session, 'hello')).trouble;
  }, 'the trouble');
  assert.equal(trouble.code, 'disk_full');
  await session.waitFor(`return Boolean(document.querySelector('main .notice.first'));`, 'the window to say so');
  assert.match(await textOf(session, 'main .notice.first'), /no room left on the disk.*Nothing is acknowledged/i);
  const counters = async () => (await call(session, 'storage')).counters;
  assert.ok((await counters()).committed < sent, 'the disk was never full');

  rmSync(filler);
  await until(async () => (await counters()).committed === sent, 'all readings to be committed');
  await session.waitFor(`return !document.querySelector('main .notice.first');`, 'the window to take it back');
  assert.equal((await call(session, 'hello')).trouble, null);
  await session.end();
});
