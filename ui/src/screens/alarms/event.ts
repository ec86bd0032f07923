// Reads the minutes around an alarm.
import type { EventData } from '~/components/alarm/event-chart';
import type { Host } from '~/lib/host';
import type { AlarmRow, TrendRequest } from '~/lib/ipc/bindings';
import { decodeTrend } from '~/lib/ipc/frames';

const BEFORE_MS = 20 * 60_000;
const AT_MOST_MS = 60 * 60_000;
const PIXELS = 420;

/** From some minutes before it was raised to now, or an hour of that. */
export function windowOf(row: Pick<AlarmRow, 'since_ms'>, nowMs: number): [number, number] {
  const fromMs = row.since_ms - BEFORE_MS;
  return [fromMs, Math.max(Math.min(nowMs, fromMs + AT_MOST_MS), row.since_ms + 60_000)];
}

/** Null where the measurement has no samples to draw, or the core cannot say. */
export async function readEvent(host: Host, row: AlarmRow, nowMs: number): Promise<EventData | null> {
  if (row.metric === '') return null;
  const [from_ms, to_ms] = windowOf(row, nowMs);
  const pens = [{ machine: row.machine, metric: row.metric }];
  const request: TrendRequest = { pens, from_ms, to_ms, pixels: PIXELS, query: 'alarm-detail' };
  try {
    const [buffer, marks] = await Promise.all([
      host.call('trend', request),
      host.call('trend_marks', { pens, from_ms, to_ms }),
    ]);
    const pen = decodeTrend(buffer)?.pens[0];
    return pen ? { row, fromMs: from_ms, toMs: to_ms, pen, bands: marks.bands[0]?.bands ?? [] } : null;
  } catch {
    // The facts stand without their picture; it is asked again with the next turn.
    return null;
  }
}
