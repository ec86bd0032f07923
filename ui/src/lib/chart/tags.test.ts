import { expect, test } from 'vitest';
import type { Band } from '~/lib/ipc/bindings';
import { Trace } from './columns';
import type { Geometry, LaneBox } from './lanes';
import { stretches } from './limits';
import { crosses, earlierSteps, edgeLimits, overlap } from './tags';
import type { ChartView, PlacedPen } from './view';

/** A time of today: far from the epoch, where pixels are small beside it. */
const NOW = 1_795_521_600_000;
const WINDOW = { fromMs: 0, toMs: 100_000 };
const band = (from_ms: number, setpoint: number | null, boiling = true): Band => ({
  from_ms,
  phase: null,
  boiling,
  setpoint,
  low_low: 58,
  low: null,
  high: null,
  high_high: 72,
});

test('the edge names the limits in force there, all of them', () => {
  const parts = stretches([band(-5_000, 64.5), band(40_000, 63)], WINDOW);
  expect(edgeLimits(parts, WINDOW.toMs)).toEqual([
    { kind: 'high_high', value: 72 },
    { kind: 'setpoint', value: 63 },
    { kind: 'low_low', value: 58 },
  ]);
  expect(earlierSteps(parts, 'setpoint', WINDOW.toMs)).toEqual([{ fromMs: 0, toMs: 40_000, value: 64.5 }]);
  expect(earlierSteps(parts, 'high_high', WINDOW.toMs)).toEqual([]);
});

test('where the pan boils no more at the edge no limit is in force', () => {
  const parts = stretches([band(-5_000, 64.5), band(40_000, null, false)], WINDOW);
  expect(edgeLimits(parts, WINDOW.toMs)).toEqual([]);
  expect(earlierSteps(parts, 'high_high', WINDOW.toMs)).toHaveLength(1);
  expect(edgeLimits([], WINDOW.toMs)).toEqual([]);
});

test('a name is not put where a line runs, not even between two of its points', () => {
  const trace = new Trace(2_500);
  for (const [ms, value] of [
    [0, 60],
    [40_000, 60],
    [50_000, 80],
    [100_000, 80],
  ] as const)
    trace.append(NOW + ms, value);
  const scene = {
    view: { window: { fromMs: NOW, toMs: NOW + 100_000 } } as ChartView,
    geometry: { left: 0, plotWidth: 1_000 } as Geometry,
    y: (_: LaneBox, value: number) => 100 - value,
  };
  const pen = { trace, lane: {} } as unknown as PlacedPen;
  expect(crosses(scene, pen, { left: 100, right: 200, top: 35, bottom: 45 })).toBe(true);
  expect(crosses(scene, pen, { left: 100, right: 200, top: 10, bottom: 30 })).toBe(false);
  expect(crosses(scene, pen, { left: 420, right: 480, top: 25, bottom: 30 })).toBe(true);
  expect(crosses(scene, pen, { left: 2_000, right: 2_100, top: 0, bottom: 10 })).toBe(false);
});

test('boxes that touch do not overlap', () => {
  const box = { left: 0, right: 10, top: 0, bottom: 10 };
  expect(overlap(box, { ...box, left: 10, right: 20 })).toBe(false);
  expect(overlap(box, { ...box, left: 9, right: 20 })).toBe(true);
});
