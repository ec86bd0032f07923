// The minutes around an alarm.
import type { TimeWindow } from '~/lib/chart/window';

const BEFORE_MS = 20 * 60_000;
const AT_MOST_MS = 60 * 60_000;
const AFTER_MS = 60_000;

/** From some minutes before it was raised to now, or an hour of that. */
export function windowOf(sinceMs: number, nowMs: number): TimeWindow {
  const fromMs = sinceMs - BEFORE_MS;
  return { fromMs, toMs: Math.max(Math.min(nowMs, fromMs + AT_MOST_MS), sinceMs + AFTER_MS) };
}
