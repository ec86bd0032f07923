/** Stretches without data over several pens, and those with data for the availability strip. */

import type { Gap, Trace } from './columns';
import type { TimeWindow } from './window';

/** What all lists have in common: where every pen is silent. Each list is disjoint and rising. */
export function common(lists: readonly (readonly Gap[])[]): Gap[] {
  let left: Gap[] = [...(lists[0] ?? [])];
  for (const list of lists.slice(1)) {
    const both: Gap[] = [];
    let i = 0;
    let j = 0;
    while (i < left.length && j < list.length) {
      const a = left[i];
      const b = list[j];
      if (a === undefined || b === undefined) break;
      const from = Math.max(a[0], b[0]);
      const to = Math.min(a[1], b[1]);
      if (from < to) both.push([from, to]);
      if (a[1] < b[1]) i += 1;
      else j += 1;
    }
    left = both;
  }
  return left;
}

/** The parts within the window, cut at its edges. */
export function within(gaps: readonly Gap[], window: TimeWindow): Gap[] {
  const parts: Gap[] = [];
  for (const [from, to] of gaps) {
    const a = Math.max(from, window.fromMs);
    const b = Math.min(to, window.toMs);
    if (a < b) parts.push([a, b]);
  }
  return parts;
}

/** What is known of the ends of a gap; null: it reaches beyond what was asked for. */
export interface GapEnds {
  fromMs: number | null;
  toMs: number | null;
  /** Its end is now. */
  goesOn: boolean;
}

/** The minute at the edge of what was asked for is not looked at. */
const MINUTE_MS = 60_000;

/**
 * Ends of a gap of one lane, whose pens were asked for together: its length may be said only if both are known, whatever
 * part of it is on the screen.
 */
export function endsOf(
  [from, to]: Gap,
  { asked, resolution }: Pick<Trace, 'asked' | 'resolution'>,
  nowMs: number,
  live: boolean,
): GapEnds {
  const slackMs = 1 + (resolution === 'minute' ? MINUTE_MS : 0);
  const isAt = (ms: number, edge: number): boolean => Math.abs(ms - edge) <= slackMs;
  const goesOn = to >= nowMs - 1 || (live && isAt(to, asked[1]));
  return {
    fromMs: isAt(from, asked[0]) ? null : from,
    toMs: goesOn ? nowMs : isAt(to, asked[1]) ? null : to,
    goesOn,
  };
}

/** Where there is data: from the first to the last point, without the gaps. */
export function available(timeMs: Float64Array, gaps: readonly Gap[], window: TimeWindow): Gap[] {
  const first = timeMs[0];
  const last = timeMs[timeMs.length - 1];
  if (first === undefined || last === undefined) return [];
  const parts: Gap[] = [];
  let from = first;
  for (const [a, b] of gaps) {
    if (a > from) parts.push([from, Math.min(a, last)]);
    from = Math.max(from, b);
  }
  if (from < last) parts.push([from, last]);
  return within(parts, window);
}
