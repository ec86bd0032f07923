/** Where a pen leaves the scale of its lane: marked at the edge, so that nothing measured is silently missing. */

import { lowerBound, type Points } from './columns';
import type { Range } from './lanes';
import type { TimeWindow } from './window';

/** A run of points beyond one end of the scale. */
export interface OffScale {
  fromMs: number;
  toMs: number;
  above: boolean;
}

/** The runs within the window, by time, those above first. A point counts by its least and greatest sample. */
export function offScale(points: Points, [low, high]: Range, window: TimeWindow): OffScale[] {
  const { timeMs, min, max } = points;
  const first = lowerBound(timeMs, window.fromMs);
  const end = lowerBound(timeMs, window.toMs);
  const found: OffScale[] = [];
  for (const above of [true, false]) {
    let open: OffScale | null = null;
    for (let i = first; i < end; i += 1) {
      const beyond = above ? (max[i] ?? high) > high : (min[i] ?? low) < low;
      const ms = timeMs[i] ?? NaN;
      if (!beyond) open = null;
      else if (open !== null) open.toMs = ms;
      else found.push((open = { fromMs: ms, toMs: ms, above }));
    }
  }
  return found;
}
