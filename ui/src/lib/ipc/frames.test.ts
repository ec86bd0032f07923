import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { decodeLive, decodeTrend } from './frames';

/** A golden file that the core writes too. */
function golden(name: string): ArrayBuffer {
  const bytes = readFileSync(resolve(import.meta.dirname, '../../../../contract/frames', name));
  return new Uint8Array(bytes).buffer;
}

test('the golden live frame is read as it was written', () => {
  const frame = decodeLive(golden('live.bin'));
  expect(frame).not.toBeNull();
  expect(frame?.count).toBe(3);
  expect(frame?.nowMs).toBe(1_764_000_000_300);
  expect(frame?.machine(2)).toBe(70_000);
  expect(frame?.metric(1)).toBe(1);
  expect(frame?.timeMs(2)).toBe(1_764_000_000_251.5);
  expect(frame?.value(0)).toBe(46.12);
});

test('the golden trend frame is read as it was written', () => {
  const frame = decodeTrend(golden('trend.bin'));
  expect(frame?.toMs).toBe(6000);
  expect(frame?.pens).toHaveLength(2);
  const [first, second] = frame?.pens ?? [];
  expect(first?.resolution).toBe('raw');
  expect([...(first?.mean ?? [])]).toEqual([46, 46.1, 46.2]);
  expect([...(first?.gaps ?? [])]).toEqual([3000, 6000]);
  expect(first?.stats.coverage).toBe(0.5);
  expect(second?.resolution).toBe('minute');
  expect(second?.stats.mean).toBeNaN();
  expect(second?.timeMs).toHaveLength(0);
});

test('a frame cut short, of another version or of another kind is refused', () => {
  for (const name of ['live.bin', 'trend.bin']) {
    const whole = golden(name);
    for (let length = 0; length < whole.byteLength; length += 7) {
      expect(decodeLive(whole.slice(0, length)) ?? decodeTrend(whole.slice(0, length))).toBeNull();
    }
    const newer = new Uint8Array(whole.slice(0));
    newer[1] = 2;
    expect(decodeLive(newer.buffer) ?? decodeTrend(newer.buffer)).toBeNull();
  }
});
