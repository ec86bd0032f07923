import { expect, test } from 'vitest';
import { laneTicks, niceStep, timeTicks, valueTicks } from './ticks';
import { offsetMs, toUtc } from './zone';

const HOUR = 3_600_000;
const WARSAW = 'Europe/Warsaw';
const local = (zone: string, ms: number) => new Date(ms + offsetMs(zone, ms)).toISOString().slice(5, 16);

test('steps are 1, 2 or 5 times a power of ten', () => {
  expect([0.03, 0.1, 0.11, 1, 1.9, 2.1, 5.1, 240].map(niceStep)).toEqual([0.05, 0.1, 0.2, 1, 2, 5, 10, 500]);
  expect(niceStep(NaN)).toBe(1);
  expect(niceStep(0)).toBe(1);
});

test('value ticks lie within the range and carry their decimals', () => {
  expect(valueTicks(55.6, 77.4, 6)).toEqual({ values: [60, 65, 70, 75], decimals: 0, step: 5 });
  expect(valueTicks(45.91, 46.12, 5)).toEqual({ values: [45.95, 46, 46.05, 46.1], decimals: 2, step: 0.05 });
  expect(valueTicks(-0.25, 0.25, 5).values).toEqual([-0.2, -0.1, 0, 0.1, 0.2]);
});

test('offsets follow the zone, and an unknown zone is UTC', () => {
  expect(offsetMs(WARSAW, Date.UTC(2026, 10, 24))).toBe(HOUR);
  expect(offsetMs(WARSAW, Date.UTC(2026, 6, 1))).toBe(2 * HOUR);
  expect(offsetMs('Asia/Kathmandu', Date.UTC(2026, 6, 1))).toBe(5.75 * HOUR);
  expect(offsetMs('Nowhere/Land', Date.UTC(2026, 6, 1))).toBe(0);
});

test('wall-clock times that come twice or never have one moment', () => {
  const twice = Date.UTC(2026, 9, 25, 2, 30);
  expect(toUtc(WARSAW, twice)).toBe(Date.UTC(2026, 9, 25, 0, 30));
  const never = Date.UTC(2026, 2, 29, 2, 30);
  expect(local(WARSAW, toUtc(WARSAW, never))).toBe('03-29T03:30');
});

test('two hours carry ticks every ten minutes, the half hours stand out', () => {
  const from = Date.UTC(2026, 10, 24, 4, 14, 32);
  const ticks = timeTicks({ fromMs: from, toMs: from + 2 * HOUR }, 7 * 60_000, WARSAW);
  expect(local(WARSAW, ticks[0]?.ms ?? 0)).toBe('11-24T05:20');
  expect(ticks).toHaveLength(12);
  expect(ticks.filter((tick) => tick.major).map((tick) => local(WARSAW, tick.ms).slice(6))).toEqual([
    '05:30',
    '06:00',
    '06:30',
    '07:00',
  ]);
});

test('ticks of a zone with odd minutes lie on its own hours', () => {
  const from = Date.UTC(2026, 6, 1);
  const ticks = timeTicks({ fromMs: from, toMs: from + 6 * HOUR }, HOUR, 'Asia/Kathmandu');
  expect(ticks.every((tick) => local('Asia/Kathmandu', tick.ms).endsWith(':00'))).toBe(true);
});

test('the days on which clocks change have 23 and 25 hours, each tick once', () => {
  for (const [month, day, hours] of [
    [2, 29, 23],
    [9, 25, 25],
  ] as const) {
    const window = {
      fromMs: toUtc(WARSAW, Date.UTC(2026, month, day)),
      toMs: toUtc(WARSAW, Date.UTC(2026, month, day + 1)),
    };
    expect((window.toMs - window.fromMs) / HOUR).toBe(hours);
    const ticks = timeTicks(window, 2 * HOUR, WARSAW).map((tick) => tick.ms);
    expect(new Set(ticks).size).toBe(ticks.length);
    expect([...ticks].sort((a, b) => a - b)).toEqual(ticks);
    expect(ticks[0]).toBe(window.fromMs);
    expect(ticks[ticks.length - 1]).toBe(window.toMs);
  }
});

test('midnight among hours says the day, the first among days stands out, months and years have their own', () => {
  const from = toUtc(WARSAW, Date.UTC(2026, 10, 23, 12));
  const hours = timeTicks({ fromMs: from, toMs: from + 24 * HOUR }, 2 * HOUR, WARSAW);
  expect(hours.filter((tick) => tick.label === 'day').map((tick) => local(WARSAW, tick.ms))).toEqual([
    '11-24T00:00',
  ]);
  const days = timeTicks({ fromMs: from, toMs: from + 20 * 24 * HOUR }, 24 * HOUR, WARSAW);
  expect(days.filter((tick) => tick.major).map((tick) => local(WARSAW, tick.ms))).toEqual(['12-01T00:00']);
  const fives = timeTicks({ fromMs: from, toMs: from + 60 * 24 * HOUR }, 5 * 24 * HOUR, WARSAW);
  for (let i = 1; i < fives.length; i += 1) {
    expect((fives[i]?.ms ?? 0) - (fives[i - 1]?.ms ?? 0)).toBeGreaterThanOrEqual(5 * 24 * HOUR);
  }
  const months = timeTicks({ fromMs: from, toMs: from + 400 * 24 * HOUR }, 30 * 24 * HOUR, WARSAW);
  expect(months.filter((tick) => tick.label === 'year')).toHaveLength(1);
  const years = timeTicks({ fromMs: 0, toMs: from }, 1500 * 24 * HOUR, WARSAW);
  expect(years.every((tick) => tick.label === 'year')).toBe(true);
});

test('never are ticks nearer than asked for', () => {
  const from = Date.UTC(2026, 9, 20, 3, 7, 11);
  for (let spanMs = 10_000; spanMs < 1e12; spanMs *= 3) {
    const least = spanMs / 17;
    const ticks = timeTicks({ fromMs: from, toMs: from + spanMs }, least, WARSAW);
    for (let i = 1; i < ticks.length; i += 1) {
      // Months and days of a clock change are a little shorter than the step's name.
      expect((ticks[i]?.ms ?? 0) - (ticks[i - 1]?.ms ?? 0)).toBeGreaterThan(least * 0.93);
    }
    expect(ticks.length).toBeLessThan(20);
  }
});

test('a low lane has three numbers too, so that one sees where its curve is', () => {
  expect(laneTicks(41.5, 49.5, 76).values).toEqual([42, 44, 46, 48]);
  expect(laneTicks(38, 50, 76).values).toEqual([40, 45, 50]);
  expect(laneTicks(55, 77, 196).values).toEqual([55, 60, 65, 70, 75]);
});
