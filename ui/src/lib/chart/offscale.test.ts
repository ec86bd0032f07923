import { expect, test } from 'vitest';
import { offScale } from './offscale';

function points(min: number[], max = min) {
  const timeMs = Float64Array.from(min, (_, i) => i * 1_000);
  return { timeMs, mean: Float64Array.from(min), min: Float64Array.from(min), max: Float64Array.from(max) };
}
const WINDOW = { fromMs: 0, toMs: 10_000 };

test('a pen off its scale is found, at either end', () => {
  expect(offScale(points([46, 46, 990, 1004, 46, 0, 0]), [40, 60], WINDOW)).toEqual([
    { fromMs: 2_000, toMs: 3_000, above: true },
    { fromMs: 5_000, toMs: 6_000, above: false },
  ]);
  expect(offScale(points([40, 60]), [40, 60], WINDOW)).toEqual([]);
});

test('a point that stands for many samples counts by its extremes, and only within the window', () => {
  expect(offScale(points([46, 46], [46, 75]), [40, 60], WINDOW)).toEqual([
    { fromMs: 1_000, toMs: 1_000, above: true },
  ]);
  expect(offScale(points([0, 46, 0]), [40, 60], { fromMs: 500, toMs: 1_500 })).toEqual([]);
});
