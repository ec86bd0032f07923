/** Where the axes carry ticks: round values, and round times of the plant's wall clock. */

import type { TimeWindow } from './window';
import { offsetMs, toUtc } from './zone';

/** Round values between two ends. */
export interface ValueTicks {
  values: number[];
  /** Decimals that tell two neighbours apart. */
  decimals: number;
  step: number;
}

/** Least step of 1, 2 or 5 times a power of ten that is not below `least`. */
export function niceStep(least: number): number {
  if (!(least > 0) || !Number.isFinite(least)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const lead = least / power;
  // A hair of tolerance: 0.1 × 3 divided by 0.1 is a little over 3.
  const nice = lead <= 1 + 1e-9 ? 1 : lead <= 2 + 1e-9 ? 2 : lead <= 5 + 1e-9 ? 5 : 10;
  return nice * power;
}

/** At most `most` (≥ 1) round values within `low` to `high`. */
export function valueTicks(low: number, high: number, most: number): ValueTicks {
  const step = niceStep((high - low) / Math.max(1, most));
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const values: number[] = [];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  for (let i = first; i <= last && values.length < 200; i += 1)
    values.push(Number((i * step).toFixed(decimals)));
  return { values, decimals, step };
}

/** Room that one number of a value axis needs, CSS pixels: at ease, and where a low lane would have too few. */
const VALUE_TICK_PX = [36, 24, 17] as const;
/** Fewer numbers than this don't tell where a curve is. */
const LEAST_VALUES = 3;

/** Round values for a lane of `heightPx`, three at least if they fit. */
export function laneTicks(low: number, high: number, heightPx: number): ValueTicks {
  let ticks = valueTicks(low, high, 1);
  for (const px of VALUE_TICK_PX) {
    ticks = valueTicks(low, high, Math.max(2, heightPx / px));
    if (ticks.values.length >= LEAST_VALUES) break;
  }
  return ticks;
}

/** What the label of a time tick should say. */
export type TickLabel = 'second' | 'minute' | 'day' | 'month' | 'year';

export interface TimeTick {
  ms: number;
  /** Stands out: the hour among minutes, midnight among hours, the first among days. */
  major: boolean;
  label: TickLabel;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Step and the step of its major ticks, both dividing a day. */
const WITHIN_A_DAY: readonly (readonly [number, number])[] = [
  [SECOND, 10 * SECOND],
  [2 * SECOND, 10 * SECOND],
  [5 * SECOND, 30 * SECOND],
  [10 * SECOND, MINUTE],
  [30 * SECOND, 5 * MINUTE],
  [MINUTE, 5 * MINUTE],
  [2 * MINUTE, 10 * MINUTE],
  [5 * MINUTE, 30 * MINUTE],
  [10 * MINUTE, 30 * MINUTE],
  [15 * MINUTE, HOUR],
  [30 * MINUTE, 3 * HOUR],
  [HOUR, 6 * HOUR],
  [2 * HOUR, 12 * HOUR],
  [3 * HOUR, DAY],
  [6 * HOUR, DAY],
  [12 * HOUR, DAY],
];
const DAYS: readonly number[] = [1, 2, 5, 10];
const MONTHS: readonly number[] = [1, 2, 3, 6, 12, 24, 60, 120];
/** More than any plot has room for; a bound in case a step is wrong. */
const MOST_TICKS = 400;

/**
 * Round times within the window, at least `leastMs` apart, on the wall clock of `zone` (also across a change of its offset).
 */
export function timeTicks(window: TimeWindow, leastMs: number, zone: string): TimeTick[] {
  const within = WITHIN_A_DAY.find(([step]) => step >= leastMs);
  if (within !== undefined) return clockTicks(window, within[0], within[1], zone);
  const days = DAYS.find((step) => step * DAY >= leastMs);
  if (days !== undefined) return dayTicks(window, days, zone);
  const months = MONTHS.find((step) => step * 28 * DAY >= leastMs) ?? 240;
  return monthTicks(window, months, zone);
}

function clockTicks(window: TimeWindow, step: number, majorStep: number, zone: string): TimeTick[] {
  const ticks: TimeTick[] = [];
  let local = Math.ceil((window.fromMs + offsetMs(zone, window.fromMs)) / step) * step;
  let last = -Infinity;
  for (let i = 0; i < MOST_TICKS; i += 1, local += step) {
    const ms = toUtc(zone, local);
    if (ms > window.toMs) break;
    // A wall-clock time that never came falls on the next one that did: once is enough.
    if (ms <= last || ms < window.fromMs) continue;
    last = ms;
    const midnight = local % DAY === 0;
    ticks.push({
      ms,
      major: local % majorStep === 0,
      label: midnight && step >= MINUTE ? 'day' : step < MINUTE ? 'second' : 'minute',
    });
  }
  return ticks;
}

function dayTicks(window: TimeWindow, step: number, zone: string): TimeTick[] {
  const ticks: TimeTick[] = [];
  let local = Math.floor((window.fromMs + offsetMs(zone, window.fromMs)) / DAY) * DAY;
  for (let i = 0; i < MOST_TICKS * step; i += 1, local += DAY) {
    const ms = toUtc(zone, local);
    if (ms > window.toMs) break;
    const day = new Date(local).getUTCDate();
    // Counted from the first of the month; one too near to the next first is left out.
    const due = (day - 1) % step === 0 && (day === 1 || step === 1 || 32 - day >= step);
    if (ms >= window.fromMs && due) ticks.push({ ms, major: day === 1, label: 'day' });
  }
  return ticks;
}

function monthTicks(window: TimeWindow, step: number, zone: string): TimeTick[] {
  const ticks: TimeTick[] = [];
  const first = new Date(window.fromMs + offsetMs(zone, window.fromMs));
  let count = Math.floor((first.getUTCFullYear() * 12 + first.getUTCMonth()) / step) * step;
  for (let i = 0; i < MOST_TICKS; i += 1, count += step) {
    const ms = toUtc(zone, Date.UTC(Math.floor(count / 12), count % 12, 1));
    if (ms > window.toMs) break;
    const january = count % 12 === 0;
    if (ms >= window.fromMs) ticks.push({ ms, major: january, label: january ? 'year' : 'month' });
  }
  return ticks;
}
