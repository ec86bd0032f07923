// The engine on the demo plant, headless: what the issue tracker promises of `panfloorctl run`.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { program } from '../../scripts/lib/paths.mjs';

const ctl = (args, timeout) => spawnSync(program('panfloorctl'), args, { encoding: 'utf8', timeout });

test('forty machines for 130 s: nothing lost or doubled, alarms come and go, a change is applied', () => {
  const run = ctl(['run', '--demo', '--machines', '40', '--for', '130s', '--json'], 240_000);
  assert.equal(run.status, 0, run.stderr);
  const verdict = JSON.parse(run.stdout.trim().split('\n').at(-1));
  assert.equal(verdict.machines, 40);
  assert.equal(verdict.lost, 0, 'acknowledged readings are missing in the store');
  assert.equal(verdict.duplicates, 0);
  assert.equal(verdict.quarantined, 0);
  assert.equal(verdict.received, verdict.committed);
  assert.ok(verdict.committed > 40 * 110, `only ${verdict.committed} readings`);
  assert.ok(verdict.alarms_raised >= 2, `${verdict.alarms_raised} alarms were raised`);
  assert.ok(verdict.alarms_cleared >= 1, `${verdict.alarms_cleared} alarms have gone`);
  assert.ok(verdict.alarms_raised > verdict.alarms_cleared, 'no alarm stands');
  assert.equal(verdict.changes_applied, 1);
  for (const field of ['publish_to_commit_ms', 'bare_commit_ms']) {
    const { p50, p99, max } = verdict[field];
    assert.ok(p50 > 0 && p50 <= p99 && p99 <= max, `${field}: ${p50}, ${p99}, ${max}`);
  }
  console.log(JSON.stringify(verdict));
});

test('errors are one line on stderr and an exit code', () => {
  const folder = mkdtempSync(join(tmpdir(), 'panfloor-scenario-'));
  try {
    const file = join(folder, 'a-file');
    writeFileSync(file, 'not a folder');
    const cases = [
      [['simulate', '--to', 'mqtt://127.0.0.1:1', '--for', '1s'], /127\.0\.0\.1/],
      [['simulate', '--to', 'plant:1883', '--for', '1s'], /mqtt:\/\//],
      [['run', '--machines', '99'], /99/],
      [['fly'], /fly/],
      [['run', '--demo', '--broker', 'mqtt://127.0.0.1:1'], /broker/],
      [['run', '--for', '1e19s'], /range/],
      [['run', '--data', join(folder, 'no-site'), '--for', '1s'], /site/],
      [['run', '--data', join(file, 'below'), '--for', '1s'], /below|a-file/],
    ];
    for (const [args, said] of cases) {
      const done = ctl(args, 60_000);
      assert.notEqual(done.status, 0, `${args.join(' ')} succeeded`);
      assert.equal(done.stdout, '');
      const lines = done.stderr.trim().split('\n');
      assert.equal(lines.length, 1, `${args.join(' ')} said:\n${done.stderr}`);
      assert.match(lines[0], said);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('help is there for all', () => {
  for (const args of [['--help'], ['run', '--help'], ['simulate', '--help']]) {
    const done = ctl(args, 10_000);
    assert.equal(done.status, 0);
    assert.match(done.stdout, /Usage/);
  }
});
