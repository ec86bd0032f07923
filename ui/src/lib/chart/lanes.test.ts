import { expect, test } from 'vitest';
import type { Band } from '~/lib/ipc/bindings';
import type { Points } from './columns';
import { stretched } from './chart';
import { cutToScale, extent, lanesOf, laneRange, layout, limitExtent, spread } from './lanes';

function points(values: number[]): Points {
  const timeMs = Float64Array.from(values, (_, i) => i * 1_000);
  const mean = Float64Array.from(values);
  return { timeMs, mean, min: mean, max: mean };
}

const band = (fromMs: number, boiling: boolean, rest: Partial<Band> = {}): Band => ({
  from_ms: fromMs,
  phase: null,
  boiling,
  setpoint: null,
  low_low: null,
  low: null,
  high: null,
  high_high: null,
  ...rest,
});

test('one lane a unit, in the order of the pens', () => {
  expect(lanesOf(['mbar', '°C', 'mbar'])).toEqual([
    { unit: 'mbar', pens: [0, 2] },
    { unit: '°C', pens: [1] },
  ]);
  expect(lanesOf([])).toEqual([]);
});

test('lanes fill the plot without overlap at both sizes', () => {
  for (const [width, height] of [
    [1816, 828],
    [1286, 554],
    [640, 420],
  ] as const) {
    const geometry = layout(width, height, lanesOf(['mbar', '°C', 'mbar', 'kW']));
    const last = geometry.lanes[2];
    expect((last?.top ?? 0) + (last?.height ?? 0)).toBeCloseTo(geometry.top + geometry.plotHeight, 6);
    for (const lane of geometry.lanes) expect(lane.height).toBeGreaterThanOrEqual(1);
  }
  expect(layout(1816, 828, []).lanes).toEqual([]);
});

test('a lane of two pens is as high as drawn', () => {
  const [pressure, temperature] = layout(1816, 828, lanesOf(['mbar', 'mbar', '°C'])).lanes;
  expect((pressure?.height ?? 0) / (temperature?.height ?? 1)).toBeCloseTo(1.27, 1);
});

test('the scale of a lane falls on the lane', () => {
  const geometry = layout(1816, 828, lanesOf(['mbar', '°C']));
  for (const lane of geometry.lanes) {
    const { min, max } = stretched(geometry, lane, [40, 50]);
    const y = (value: number) => geometry.top + geometry.plotHeight * (1 - (value - min) / (max - min));
    expect(y(50)).toBeCloseTo(lane.top, 6);
    expect(y(40)).toBeCloseTo(lane.top + lane.height, 6);
  }
});

test('extents leave out what happens between strikes where it would flatten the boil', () => {
  const values = [46, 46.1, 45.9, 91, 90, 46.2];
  const limits = { low_low: 44, high_high: 48 };
  const bands = [band(-10_000, true, limits), band(2_900, false), band(4_100, true, limits)];
  const window = { fromMs: 0, toMs: 10_000 };
  expect(extent(points(values), [], window)).toEqual([45.9, 91]);
  // The point next to the change is left out: in a reduced picture it would mix both.
  expect(extent(points(values), bands, window)).toEqual([46, 46.1]);
  expect(extent(points([46, 46.1, 45.9, 41, 41, 46.2]), bands, window)).toEqual([41, 46.2]);
  expect(extent(points([91, 90]), [band(0, false)], window)).toEqual([90, 91]);
  expect(extent(points([]), [], window)).toBeNull();
});

test('a pen without limits shows all of itself', () => {
  const bands = [band(-10_000, true), band(2_900, false), band(4_100, true)];
  expect(extent(points([40, 41, 40, 0, 0, 41]), bands, { fromMs: 0, toMs: 10_000 })).toEqual([0, 41]);
});

test('limits in force belong to what must be seen', () => {
  const bands = [band(0, true, { low_low: 44, high_high: 48 }), band(5_000, true, { high_high: 49 })];
  expect(limitExtent(bands, { fromMs: 0, toMs: 4_000 })).toEqual([44, 48]);
  expect(limitExtent(bands, { fromMs: 0, toMs: 6_000 })).toEqual([44, 49]);
  expect(limitExtent([], { fromMs: 0, toMs: 6_000 })).toBeNull();
});

test('a range has air, is kept while it fits, and never collapses', () => {
  const [low, high] = laneRange([[58, 72]], null, 1);
  expect(low).toBeLessThan(58);
  expect(high).toBeGreaterThan(72);
  expect(laneRange([[58, 72.2]], [low, high], 1)).toEqual([low, high]);
  expect(laneRange([[58, 90]], [low, high], 1)[1]).toBeGreaterThan(90);
  expect(laneRange([[60, 62]], [low, high], 1)[1]).toBeLessThan(70);
  const flat = laneRange([[46, 46]], null, 1);
  expect(flat[1] - flat[0]).toBeGreaterThanOrEqual(1);
  expect(laneRange([null], null, 1)).toEqual([0, 1]);
  expect(laneRange([null], [3, 4], 1)).toEqual([3, 4]);
});

test('a coarse picture is cut at one and a half of the usual scale', () => {
  expect(cutToScale([62, 1_009], [53, 77])).toEqual([62, 89]);
  expect(cutToScale([900, 1_009], [53, 77])).toEqual([900, 1_009]);
  expect(cutToScale(null, [53, 77])).toBeNull();
});

test('labels are pushed apart and stay within their lane', () => {
  const of = (...middles: number[]) => middles.map((middle) => ({ middle, height: 20 }));
  expect(spread(of(50, 52, 90), 0, 100)).toEqual([50, 70, 90]);
  expect(spread(of(95, 96), 0, 100)).toEqual([70, 90]);
  expect(spread([...of(50), { middle: 55, height: 10 }], 0, 100)).toEqual([50, 65]);
  expect(spread([], 0, 100)).toEqual([]);
});
