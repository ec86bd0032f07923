// Trend columns of the invented plant: raw when near, pixel by pixel when wide.
import type { TrendRequest } from '~/lib/ipc/bindings';
import type { PenColumns } from '~/lib/ipc/frames';
import { METRICS, type FakeMachine, type FakeMetric } from './machines';
import { hash } from './random';

const RAW_STEP_MS = 1000;
/** The store begins so long before the start. */
export const HISTORY_MS = 21 * 86_400_000;
const GAP_EVERY_MS = 5 * 3_600_000;

/** A gap of some minutes in every few hours, at a moment of the machine's own. */
function gapsOf(machine: FakeMachine, fromMs: number, toMs: number): [number, number][] {
  const gaps: [number, number][] = [];
  for (let block = Math.floor(fromMs / GAP_EVERY_MS); block * GAP_EVERY_MS < toMs; block++) {
    if (hash(machine.id + 17, block) > 0.3) continue;
    const start = block * GAP_EVERY_MS + hash(machine.id, block) * GAP_EVERY_MS * 0.9;
    const end = start + 120_000 + hash(machine.id + 1, block) * 900_000;
    if (end > fromMs && start < toMs) gaps.push([Math.max(start, fromMs), Math.min(end, toMs)]);
  }
  return gaps;
}

export function columnsOf(
  machine: FakeMachine | undefined,
  metric: string,
  request: Pick<TrendRequest, 'from_ms' | 'to_ms' | 'pixels'>,
  storeFromMs: number,
  seenMs: number,
  freshFromMs: number,
): PenColumns {
  const from = Math.max(request.from_ms, storeFromMs);
  const to = Math.min(request.to_ms, seenMs);
  const known = (METRICS as readonly string[]).includes(metric);
  const step = Math.max(RAW_STEP_MS, (request.to_ms - request.from_ms) / Math.max(1, request.pixels));
  const resolution = step <= RAW_STEP_MS ? 'raw' : step < 60_000 ? 'reduced' : 'minute';
  // Near the present nothing is missing, so that the drawn states stand out.
  const gaps = machine ? gapsOf(machine, from, Math.min(to, freshFromMs)) : [];
  if (request.from_ms < from) gaps.unshift([request.from_ms, Math.min(from, request.to_ms)]);
  if (to < request.to_ms) gaps.push([Math.max(to, request.from_ms), request.to_ms]);
  const time: number[] = [];
  const mean: number[] = [];
  const min: number[] = [];
  const max: number[] = [];
  if (machine && known) {
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
      if (gaps.some(([a, b]) => at > a && at < b)) continue;
      const value = machine.value(metric as FakeMetric, at);
      const spread = resolution === 'raw' ? 0 : Math.abs(value) * 0.0012 * (1 + hash(machine.id, at / step));
      time.push(at);
      mean.push(value);
      min.push(value - spread);
      max.push(value + spread);
    }
  }
  const n = mean.length;
  const average = n > 0 ? mean.reduce((sum, value) => sum + value, 0) / n : NaN;
  const least = n > 0 ? min.indexOf(Math.min(...min)) : -1;
  const most = n > 0 ? max.indexOf(Math.max(...max)) : -1;
  const missing = gaps.reduce((sum, [a, b]) => sum + Math.max(0, b - a), 0);
  return {
    resolution,
    stats: {
      mean: average,
      min: min[least] ?? NaN,
      max: max[most] ?? NaN,
      sigma: n > 0 ? Math.sqrt(mean.reduce((sum, value) => sum + (value - average) ** 2, 0) / n) : NaN,
      coverage: n > 0 ? Math.max(0, 1 - missing / (request.to_ms - request.from_ms)) : 0,
      minAtMs: time[least] ?? NaN,
      maxAtMs: time[most] ?? NaN,
    },
    timeMs: Float64Array.from(time),
    mean: Float64Array.from(mean),
    min: Float64Array.from(min),
    max: Float64Array.from(max),
    gaps: Float64Array.from(gaps.flat()),
  };
}
