// A device that none of us wrote with our code, on a broker that is nobody's of ours: Panfloor shows a change through every step.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from '../../scripts/lib/paths.mjs';

// Founding a site hashes passphrases: on a computer that is busy building, that alone took a minute.
const PATIENCE_MS = 240_000;
const STEPS = ['requested', 'approved', 'publishing', 'published', 'received', 'applied'];
const SETPOINT = 46.7;

const folder = mkdtempSync(join(tmpdir(), 'panfloor-device-'));
const children = [];
let port;

/** A port that was free a moment ago. */
const freePort = () =>
  new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** Starts a program; its lines are kept and can be waited for. */
function start(command, args, from = 'stdout') {
  const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const started = { child, lines: [], said: '', waiting: new Set(), ended: false };
  const look = () => [...started.waiting].forEach((waiter) => waiter());
  for (const name of ['stdout', 'stderr']) {
    createInterface({ input: child[name] }).on('line', (line) => {
      started.said += `${line}\n`;
      if (name === from) started.lines.push(line);
      look();
    });
  }
  child.on('error', (error) => {
    started.said += `${error.message}\n`;
  });
  child.on('close', () => {
    started.ended = true;
    look();
  });
  children.push(child);
  return started;
}

/** Waits until `found` finds something in what a program has said. */
function until(started, what, found) {
  return new Promise((done, failed) => {
    const give = (settle, value) => {
      clearTimeout(timer);
      started.waiting.delete(look);
      settle(value);
    };
    const why = (how) => new Error(`${what}: ${how}; it said:\n${started.said}`);
    const look = () => {
      const value = found(started.lines);
      if (value !== undefined) give(done, value);
      else if (started.ended) give(failed, why('the program has ended'));
    };
    const timer = setTimeout(() => give(failed, why(`not within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
    started.waiting.add(look);
    look();
  });
}

const objects = (lines) => lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));

before(async () => {
  port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nlog_dest stderr\n`);
  const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
  process.env.PATH = path;
  const broker = start('mosquitto', ['-c', config], 'stderr');
  await until(broker, 'mosquitto starts', (lines) => lines.find((line) => line.endsWith(' running')));
});

after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test('a change goes from request to applied on a device of another make', { timeout: 4 * PATIENCE_MS }, async () => {
  const python = process.env.PANFLOOR_PYTHON ?? 'python3';
  const script = fileURLToPath(new URL('device.py', import.meta.url));
  const device = start(python, [script, '127.0.0.1', String(port), 'pan-x']);
  await until(device, 'the device reports', (lines) => objects(lines).find(({ reported }) => reported === 'applied'));

  const data = join(folder, 'station');
  const began = Date.now();
  const station = start(program('panfloorctl'), [
    ...['run', '--broker', `mqtt://127.0.0.1:${port}`, '--data', data, '--found-demo-users'],
    ...['--change', `pan-x:temperature_setpoint=${SETPOINT}`, '--status-every', '500ms'],
  ]);
  await until(station, 'the change is applied', (lines) => objects(lines).find(({ step }) => step === 'applied'));

  const steps = objects(station.lines);
  assert.deepEqual(steps.map(({ step }) => step), STEPS, 'each step is told once, in order');
  const times = steps.map(({ time_ms: time }) => time);
  for (const [at, time] of times.entries()) {
    assert.ok(time >= began && time <= Date.now(), `${STEPS[at]} was at ${time}`);
    assert.ok(at === 0 || time >= times[at - 1], `${STEPS[at]} was before ${STEPS[at - 1]}: ${times}`);
  }
  for (const { machine, record, request } of steps) {
    assert.equal(machine, 'Pan x');
    assert.match(record, /^[0-9a-f]{8}$/, 'a step is proven by a record');
    assert.equal(request, steps[0].request);
  }
  const by = Object.fromEntries(steps.map(({ step, by }) => [step, by]));
  assert.equal(by.requested, 'engineer 2');
  assert.equal(by.approved, 'supervisor 1');
  const at = Object.fromEntries(STEPS.map((step, index) => [step, times[index]]));
  assert.ok(at.applied - at.received >= 200, 'received and applied are two facts with a time each');

  // What the device says for itself.
  const reports = objects(device.lines).filter(({ version }) => version > 0);
  assert.deepEqual(reports.map(({ reported }) => reported), ['received', 'applied']);
  assert.equal(new Set(reports.map(({ version }) => version)).size, 1);

  // Its telemetry was stored all along.
  const stored = (lines) => lines.find((line) => /machines 1 .*committed ([1-9]\d+) /.test(line));
  await until(station, 'telemetry is stored', stored);
});
