/** Stretches without data over several pens, and those with data for the availability strip. */

import type { Gap } from './columns';
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
