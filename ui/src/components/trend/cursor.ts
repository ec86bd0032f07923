// What a pen reads at a moment of the picture.
import { nearest } from '~/lib/chart/columns';
import type { ChartView, PenView } from '~/lib/chart/view';
import { span } from '~/lib/chart/window';

/** Minute data lies a minute apart; half a minute more allows for the first and last of a run. */
const MINUTE_REACH_MS = 90_000;

/** Index of the pen's point at `ms`; −1 in gaps and outside the data. */
export function pointAt(pen: PenView, view: ChartView, ms: number, plotWidth: number): number {
  const pixelMs = span(view.window) / Math.max(1, plotWidth);
  const own = pen.trace.resolution === 'minute' ? MINUTE_REACH_MS : pen.trace.staleAfterMs;
  return nearest(pen.trace.points.timeMs, pen.trace.gaps(view.nowMs), ms, Math.max(own, 2 * pixelMs));
}

/** Mean at `ms`; NaN in gaps. */
export function meanAt(pen: PenView, view: ChartView, ms: number, plotWidth: number): number {
  return pen.trace.points.mean[pointAt(pen, view, ms, plotWidth)] ?? NaN;
}
