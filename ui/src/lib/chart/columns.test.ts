import { expect, test } from 'vitest';
import type { PenColumns, Resolution } from '~/lib/ipc/frames';
import { lowerBound, nearest, Trace } from './columns';
import { available, common, within } from './gaps';

function columns(times: number[], gaps: number[] = [], resolution: Resolution = 'raw'): PenColumns {
  const timeMs = Float64Array.from(times);
  const mean = timeMs.map((ms) => ms / 1000);
  const stats = { mean: 0, min: 0, max: 0, sigma: 0, coverage: 1, minAtMs: 0, maxAtMs: 0 };
  return { resolution, stats, timeMs, mean, min: mean, max: mean, gaps: Float64Array.from(gaps) };
}

test('lowerBound finds the first that is not less', () => {
  expect([0, 1, 1.5, 3, 9].map((value) => lowerBound([1, 2, 3], value))).toEqual([0, 0, 1, 2, 3]);
});

test('live samples grow the trace and survive an older answer', () => {
  const trace = new Trace(2_500);
  trace.replace(columns([1_000, 2_000]), 2_500);
  expect(trace.append(3_000, 3)).toBe(true);
  expect(trace.append(3_000, 99)).toBe(false);
  expect(trace.append(2_900, 99)).toBe(false);
  expect(trace.append(4_000, NaN)).toBe(false);
  trace.replace(columns([1_000, 2_000]), 2_500);
  expect([...trace.points.timeMs]).toEqual([1_000, 2_000, 3_000]);
  expect(trace.liveCount).toBe(1);
  trace.replace(columns([1_000, 2_000, 3_000]), 3_500);
  expect([...trace.points.timeMs]).toEqual([1_000, 2_000, 3_000]);
  expect(trace.liveCount).toBe(0);
  expect(trace.newest).toEqual({ ms: 3_000, value: 3 });
});

test('a trace takes more live samples than its first block holds', () => {
  const trace = new Trace(2_500);
  for (let i = 1; i <= 1_000; i += 1) trace.append(i * 1_000, i);
  expect(trace.points.timeMs).toHaveLength(1_000);
  expect(trace.points.mean[999]).toBe(1_000);
  expect(trace.gaps(1_000_500)).toEqual([]);
});

test('minute data keeps the newest value but is not drawn on', () => {
  const trace = new Trace(2_500);
  trace.replace(columns([60_000, 120_000], [], 'minute'), 121_000);
  trace.append(122_000, 7);
  expect(trace.points.timeMs).toHaveLength(2);
  expect(trace.newest).toEqual({ ms: 122_000, value: 7 });
  expect(trace.gaps(123_000)).toEqual([]);
});

test('gaps are those of the store, silences of the live samples, and the one that goes on', () => {
  const trace = new Trace(2_500);
  trace.replace(columns([1_000, 2_000, 9_000], [2_000, 9_000]), 9_200);
  expect(trace.gaps(10_000)).toEqual([[2_000, 9_000]]);
  trace.append(10_000, 1);
  trace.append(14_000, 1);
  expect(trace.gaps(15_000)).toEqual([
    [2_000, 9_000],
    [10_000, 14_000],
  ]);
  expect(trace.gaps(20_000).at(-1)).toEqual([14_000, 20_000]);
});

test('silence up to now ends with the next sample', () => {
  const trace = new Trace(2_500);
  trace.replace(columns([1_000, 2_000], [2_000, 9_000]), 9_000);
  expect(trace.gaps(9_500)).toEqual([[2_000, 9_500]]);
  trace.append(9_600, 1);
  expect(trace.gaps(9_700)).toEqual([[2_000, 9_600]]);
});

test('a reduced point far behind the answer is no silence', () => {
  const trace = new Trace(2_500);
  trace.replace(columns([0, 6_400], [], 'reduced'), 12_000);
  trace.append(12_500, 1);
  expect(trace.gaps(13_000)).toEqual([]);
});

test('the nearest point is not sought across a gap or beyond reach', () => {
  const time = Float64Array.from([1_000, 2_000, 9_000]);
  expect(nearest(time, [], 1_600, 2_000)).toBe(1);
  expect(nearest(time, [[2_000, 9_000]], 2_100, 2_000)).toBe(-1);
  expect(nearest(time, [], 5_000, 2_000)).toBe(-1);
  expect(nearest(new Float64Array(0), [], 5_000, 2_000)).toBe(-1);
});

test('only common silence is common, and availability is the rest', () => {
  expect(
    common([
      [
        [0, 10],
        [20, 30],
      ],
      [[5, 25]],
    ]),
  ).toEqual([
    [5, 10],
    [20, 25],
  ]);
  expect(common([[[0, 10]], []])).toEqual([]);
  expect(common([])).toEqual([]);
  expect(within([[0, 10]], { fromMs: 5, toMs: 8 })).toEqual([[5, 8]]);
  const window = { fromMs: 0, toMs: 100 };
  expect(available(Float64Array.from([10, 20, 50, 60]), [[20, 50]], window)).toEqual([
    [10, 20],
    [50, 60],
  ]);
  expect(available(new Float64Array(0), [], window)).toEqual([]);
});
