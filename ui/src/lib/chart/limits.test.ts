import { expect, test } from 'vitest';
import type { Band, MarkDto } from '~/lib/ipc/bindings';
import { eventMarks } from './events';
import { excursions, type Standing } from './excursions';
import { bandAt, drawable, steps, stretches } from './limits';
import { isOutline, markerPath, MARKERS } from './markers';
import { parseDash } from './palette';
import { runs } from './paths';

const band = (
  from_ms: number,
  high: number | null,
  boiling = true,
  high_high: number | null = null,
): Band => ({
  from_ms,
  phase: null,
  boiling,
  setpoint: null,
  low_low: null,
  low: 60,
  high,
  high_high,
});
const window = { fromMs: 100, toMs: 1_000 };

test('stretches end where the next begins and are cut at the window', () => {
  const bands = [band(0, 70), band(50, 71), band(500, 72), band(2_000, 73)];
  expect(stretches(bands, window).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [100, 500],
    [500, 1_000],
  ]);
  expect(bandAt(bands, 49)?.high).toBe(70);
  expect(bandAt(bands, 500)?.high).toBe(72);
  expect(bandAt(bands, -1)).toBeNull();
  expect(bandAt([], 5)).toBeNull();
});

test('a limit steps at a phase change and stops where the pan does not boil', () => {
  const parts = stretches(
    [band(0, 70), band(300, 70), band(500, 72), band(700, 72, false), band(800, null)],
    window,
  );
  expect(steps(parts, 'high')).toEqual([
    { fromMs: 100, toMs: 500, value: 70 },
    { fromMs: 500, toMs: 700, value: 72 },
  ]);
  expect(steps(parts, 'low')).toEqual([
    { fromMs: 100, toMs: 700, value: 60 },
    { fromMs: 800, toMs: 1_000, value: 60 },
  ]);
  expect(steps(parts, 'high_high')).toEqual([]);
});

test('phases too short to be seen give way to the band that held longest', () => {
  const many = Array.from({ length: 100 }, (_, i) => band(i * 10, i % 2 === 0 ? 70 : 72, i % 10 !== 9));
  const fine = drawable(many, window, 5_000);
  expect(fine.coarse).toBe(false);
  const { parts, coarse } = drawable(many, window, 200);
  expect(coarse).toBe(true);
  expect(parts).toHaveLength(1);
  expect(parts[0]).toMatchObject({ fromMs: 100, toMs: 1_000, band: { high: 70 } });
});

const stood = (kind: Standing['kind'], priority: Standing['priority'], fromMs: number, toMs: number) => ({
  kind,
  priority,
  fromMs,
  toMs,
});

test('colour lies where an alarm stood, and nowhere else', () => {
  const parts = stretches([band(0, 70, true, 72)], window);
  expect(excursions(parts, [])).toEqual([]);
  expect(excursions(parts, [stood('high', 'medium', 300, 500)])).toEqual([
    { fromMs: 300, toMs: 500, limit: 70, above: true, priority: 'medium' },
  ]);
});

test('a worse alarm colours all beyond the inner limit while both stand', () => {
  const parts = stretches([band(0, 70, true, 72)], window);
  const found = excursions(parts, [
    stood('high', 'medium', -Infinity, Infinity),
    stood('high_high', 'critical', 400, 600),
  ]);
  expect(found.map(({ fromMs, toMs, limit, priority }) => [fromMs, toMs, limit, priority])).toEqual([
    [100, 400, 70, 'medium'],
    [400, 600, 70, 'critical'],
    [600, 1_000, 70, 'medium'],
  ]);
});

test('the level follows the limit of the phase, sides are apart, and a limit that is not in force colours nothing', () => {
  const parts = stretches([band(0, 70), band(500, 72), band(800, null)], window);
  const found = excursions(parts, [
    stood('high', 'high', 300, Infinity),
    stood('low', 'low', 450, 550),
    stood('high_high', 'critical', 0, 1_000),
  ]);
  expect(found.map(({ fromMs, toMs, limit, above }) => [fromMs, toMs, limit, above])).toEqual([
    [300, 500, 70, true],
    [500, 800, 72, true],
    [450, 550, 60, false],
  ]);
});

test('lines are broken at gaps and reach beyond the edges by one point', () => {
  const time = Float64Array.from([0, 100, 200, 300, 400, 500, 600]);
  expect(runs(time, [[200, 300]], 150, 450)).toEqual([
    [1, 3],
    [3, 6],
  ]);
  expect(runs(time, [], 150, 450)).toEqual([[1, 6]]);
  expect(runs(time, [[600, 900]], 550, 1_000)).toEqual([[5, 7]]);
  expect(runs(new Float64Array(0), [], 0, 1)).toEqual([]);
});

const mark = (time_ms: number, rest: Partial<MarkDto> = {}): MarkDto => ({
  time_ms,
  kind: 'alarm',
  machine: 1,
  machine_name: 'Pan 01',
  metric: 'pressure',
  what: 'limit:high',
  priority: 'high',
  detail: 'raised',
  ...rest,
});

test('events too near to be told apart become one, led by the most severe', () => {
  const marks = eventMarks(
    [mark(110), mark(112, { priority: 'critical' }), mark(114), mark(600)],
    window,
    900,
  );
  expect(marks.map((one) => [one.events.length, one.lead.priority])).toEqual([
    [3, 'critical'],
    [1, 'high'],
  ]);
  expect(eventMarks([mark(50), mark(2_000)], window, 900)).toEqual([]);
});

test('words stand to the left of a mark that has no room to its right', () => {
  const [last] = eventMarks([mark(990)], window, 900);
  expect(last?.left).toBe(true);
  expect(last?.room).toBeGreaterThan(500);
  const [first, second] = eventMarks([mark(110), mark(995)], window, 900);
  expect(first?.left).toBe(false);
  expect((first?.room ?? 0) + (second?.room ?? 0)).toBeLessThan(885);
});

test('every pen has a shape, and dashes are read from the tokens', () => {
  for (const marker of MARKERS) expect(markerPath(marker, 10, 10, 4)).toMatch(/^M/);
  expect(MARKERS.filter(isOutline)).toEqual(['ring', 'cross', 'plus']);
  expect(parseDash(' 10 3 2 3')).toEqual([10, 3, 2, 3]);
  expect(parseDash('none')).toEqual([]);
});
