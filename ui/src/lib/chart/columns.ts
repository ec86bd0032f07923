/** Points of one pen: what the store answered, and the live samples that came since. */

import type { PenColumns, Resolution } from '~/lib/ipc/frames';

/** Columns to draw, views into one block of memory each. */
export interface Points {
  timeMs: Float64Array;
  mean: Float64Array;
  min: Float64Array;
  max: Float64Array;
}

/** A stretch without data: from, to, in ms. */
export type Gap = readonly [number, number];

/** Room for live samples behind an answer before the block grows: four minutes at 1 Hz. */
const SLACK = 256;

/** Index of the first element ≥ `value` (the length, if there is none). */
export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Grows by live samples and is replaced by answers of the store; live samples newer than an answer survive it. */
export class Trace {
  resolution: Resolution = 'raw';
  private time = new Float64Array(SLACK);
  private means = new Float64Array(SLACK);
  private minima = new Float64Array(SLACK);
  private maxima = new Float64Array(SLACK);
  private length = 0;
  /** Points that came from the store; those after are live samples. */
  private stored = 0;
  private storedGaps: Gap[] = [];
  /** What the last answer was asked for: a gap that ends here may go on beyond. */
  asked: Gap = [-Infinity, Infinity];
  /** Up to here the store has said where there are gaps; later ones are judged here. */
  private judgedMs = -Infinity;
  /** Newest sample of all, also of those that are not drawn (minute data). */
  private newestMs = NaN;
  private newestValue = NaN;

  /** @param staleAfterMs silence longer than this is a gap */
  constructor(public staleAfterMs: number) {}

  /** Takes an answer of the store for the stretch `asked`, as of `nowMs`. */
  replace(columns: PenColumns, nowMs: number, asked: Gap = [-Infinity, Infinity]): void {
    this.asked = asked;
    const lastMs = columns.timeMs[columns.timeMs.length - 1] ?? -Infinity;
    const tail = this.liveAfter(lastMs);
    const count = columns.timeMs.length;
    this.reserve(count + tail.length);
    this.resolution = columns.resolution;
    this.time.set(columns.timeMs);
    this.means.set(columns.mean);
    this.minima.set(columns.min);
    this.maxima.set(columns.max);
    this.length = count;
    this.stored = count;
    this.storedGaps = [];
    this.judgedMs = count > 0 ? nowMs : -Infinity;
    for (let i = 0; i + 1 < columns.gaps.length; i += 2) {
      const from = columns.gaps[i] ?? NaN;
      const to = columns.gaps[i + 1] ?? NaN;
      // Silence up to now is judged afresh at each drawing: a sample may end it at any time.
      if (from < to && from >= lastMs && to >= nowMs - this.staleAfterMs) this.judgedMs = from;
      else if (from < to) this.storedGaps.push([from, to]);
    }
    for (const [ms, value] of tail) this.push(ms, value);
    if (count > 0 && !(this.newestMs > lastMs)) {
      this.newestMs = lastMs;
      this.newestValue = columns.mean[count - 1] ?? NaN;
    }
  }

  /** Takes a live sample; one that is not newer than the newest is left to the next answer. */
  append(ms: number, value: number): boolean {
    if (!Number.isFinite(value) || ms <= this.newestMs) return false;
    this.newestMs = ms;
    this.newestValue = value;
    if (this.resolution === 'minute') return true;
    if (this.length > 0 && ms <= (this.time[this.length - 1] ?? Infinity)) return true;
    this.reserve(this.length + 1);
    this.push(ms, value);
    return true;
  }

  /** Sets the newest sample where the store holds none in the window (its time may be long past). */
  hint(ms: number, value: number): void {
    if (!(this.newestMs >= ms)) {
      this.newestMs = ms;
      this.newestValue = value;
    }
  }

  get points(): Points {
    const n = this.length;
    return {
      timeMs: this.time.subarray(0, n),
      mean: this.means.subarray(0, n),
      min: this.minima.subarray(0, n),
      max: this.maxima.subarray(0, n),
    };
  }

  /** How many live samples stand behind the last answer. */
  get liveCount(): number {
    return this.length - this.stored;
  }

  get newest(): { ms: number; value: number } | null {
    return Number.isFinite(this.newestMs) ? { ms: this.newestMs, value: this.newestValue } : null;
  }

  /** Gaps as they stand at `nowMs`: those of the store, silences among the live samples, and the silence that goes on. */
  gaps(nowMs: number): Gap[] {
    const gaps = [...this.storedGaps];
    // A reduced point may stand for what was measured seconds after it: the answer's own time counts instead.
    let heardMs = this.judgedMs;
    let drawnMs = this.time[this.stored - 1] ?? NaN;
    for (let i = this.stored; i < this.length; i += 1) {
      const ms = this.time[i] ?? NaN;
      if (ms - heardMs > this.staleAfterMs && drawnMs < ms) gaps.push([drawnMs, ms]);
      heardMs = Math.max(heardMs, ms);
      drawnMs = ms;
    }
    if (this.resolution === 'minute') heardMs = Math.max(heardMs, this.newestMs || -Infinity);
    if (this.length > 0 && nowMs - heardMs > this.staleAfterMs) gaps.push([drawnMs, nowMs]);
    return gaps;
  }

  private liveAfter(lastMs: number): (readonly [number, number])[] {
    const tail: (readonly [number, number])[] = [];
    for (let i = this.stored; i < this.length; i += 1) {
      const ms = this.time[i] ?? NaN;
      if (ms > lastMs) tail.push([ms, this.means[i] ?? NaN]);
    }
    return tail;
  }

  private push(ms: number, value: number): void {
    this.time[this.length] = ms;
    this.means[this.length] = value;
    this.minima[this.length] = value;
    this.maxima[this.length] = value;
    this.length += 1;
  }

  private reserve(needed: number): void {
    if (needed <= this.time.length) return;
    const grow = (old: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const block = new Float64Array(needed + SLACK);
      block.set(old.subarray(0, this.length));
      return block;
    };
    this.time = grow(this.time);
    this.means = grow(this.means);
    this.minima = grow(this.minima);
    this.maxima = grow(this.maxima);
  }
}

/** Index of the point nearest to `ms`, or −1 if none lies within `reachMs` or `ms` is in a gap. */
export function nearest(timeMs: Float64Array, gaps: readonly Gap[], ms: number, reachMs: number): number {
  if (gaps.some(([from, to]) => ms > from && ms < to)) return -1;
  const after = lowerBound(timeMs, ms);
  let best = -1;
  let distance = reachMs;
  for (const i of [after - 1, after]) {
    const at = timeMs[i];
    if (at !== undefined && Math.abs(at - ms) <= distance) {
      distance = Math.abs(at - ms);
      best = i;
    }
  }
  return best;
}
