import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeLive, decodeTrend, FrameError } from './frames';

/** Vitest runs in the project's folder. */
function golden(name: string): ArrayBuffer {
  const bytes = readFileSync(`contract/frames/${name}`);
  return new Uint8Array(bytes).buffer;
}

describe('live frame', () => {
  it('reads the golden file', () => {
    const frame = decodeLive(golden('live.bin'));
    expect(frame.nowMs).toBe(1_764_000_000_300);
    expect(frame.samples).toEqual([
      { machine: 3, metric: 0, timeMs: 1_764_000_000_250, value: 46.12 },
      { machine: 3, metric: 1, timeMs: 1_764_000_000_250, value: 65.2 },
      { machine: 70_000, metric: 2, timeMs: 1_764_000_000_251.5, value: -0.5 },
    ]);
  });

  it('refuses every cut and every other version', () => {
    const whole = golden('live.bin');
    for (let length = 0; length < whole.byteLength; length += 1) {
      expect(() => decodeLive(whole.slice(0, length))).toThrow(FrameError);
    }
    const other = whole.slice(0);
    new Uint8Array(other)[1] = 2;
    expect(() => decodeLive(other)).toThrow(/starts with 76, 2/);
    expect(() => decodeLive(golden('trend.bin'))).toThrow(FrameError);
  });
});

describe('trend frame', () => {
  it('reads the golden file without a copy', () => {
    const buffer = golden('trend.bin');
    const frame = decodeTrend(buffer);
    expect([frame.fromMs, frame.toMs, frame.nowMs, frame.pens.length]).toEqual([0, 6000, 6500, 2]);
    const [first, second] = frame.pens;
    expect(first?.resolution).toBe('raw');
    expect(first?.stats).toEqual({ mean: 46.1, min: 46, max: 46.2, sigma: 0.1, share: 0.5, minAtMs: 1000, maxAtMs: 3000 });
    expect([...(first?.timeMs ?? [])]).toEqual([1000, 2000, 3000]);
    expect([...(first?.mean ?? [])]).toEqual([46, 46.1, 46.2]);
    expect([...(first?.gaps ?? [])]).toEqual([3000, 6000]);
    expect(first?.timeMs.buffer).toBe(buffer);
    expect(second?.resolution).toBe('minutes');
    expect(second?.stats.mean).toBeNaN();
    expect(second?.timeMs.length).toBe(0);
  });

  it('refuses every cut, trailing bytes and an unknown resolution', () => {
    const whole = golden('trend.bin');
    for (let length = 0; length < whole.byteLength; length += 1) {
      expect(() => decodeTrend(whole.slice(0, length))).toThrow(FrameError);
    }
    const longer = new ArrayBuffer(whole.byteLength + 8);
    new Uint8Array(longer).set(new Uint8Array(whole));
    expect(() => decodeTrend(longer)).toThrow(/8 bytes too many/);
    const unknown = whole.slice(0);
    new Uint8Array(unknown)[32] = 9;
    expect(() => decodeTrend(unknown)).toThrow(/unknown resolution 9/);
  });
});
