// What a pen reads at a moment of the picture.
import { nearest } from '~/lib/chart/columns';
import type { ChartView, PenView } from '~/lib/chart/view';
import { span } from '~/lib/chart/window';
import { formatSpan, formatTime, formatTimeShort } from '~/lib/format';
import { words } from '~/lib/words';

const MINUTE_MS = 60_000;
/** Minute data lies a minute apart; half a minute more allows for the first and last of a run. */
const MINUTE_REACH_MS = 90_000;

/** Index of the pen's point at `ms`; −1 in gaps and outside the data. */
export function pointAt(pen: PenView, view: ChartView, ms: number, plotWidth: number): number {
  const pixelMs = span(view.window) / Math.max(1, plotWidth);
  const own = pen.trace.resolution === 'minute' ? MINUTE_REACH_MS : pen.trace.staleAfterMs;
  return nearest(pen.trace.points.timeMs, pen.trace.gaps(view.nowMs), ms, Math.max(own, 2 * pixelMs));
}

/** What a pen reads at a moment. */
export interface Reading {
  /** NaN in gaps. */
  readonly value: number;
  /** A mean is shown to one decimal more than a sample. */
  readonly decimals: number;
  /** Least and greatest of the samples the value is the mean of; null: it is one sample. */
  readonly range: readonly [number, number] | null;
  /** What the value is made of: `at 10:49:03`, `mean of 10:49`, `mean of 12 s`; empty in gaps. */
  readonly made: string;
}

export function readAt(pen: PenView, view: ChartView, ms: number, plotWidth: number): Reading {
  const { points, resolution } = pen.trace;
  const i = pointAt(pen, view, ms, plotWidth);
  const [at, value, min, max] = [points.timeMs[i], points.mean[i], points.min[i], points.max[i]];
  if (at === undefined || value === undefined || min === undefined || max === undefined)
    return { value: NaN, decimals: pen.decimals, range: null, made: '' };
  const say = words.trends.made;
  if (resolution === 'raw')
    return { value, decimals: pen.decimals, range: null, made: say.sample(formatTime(at)) };
  const pixelMs = span(view.window) / Math.max(1, plotWidth);
  const made =
    resolution === 'minute' && pixelMs <= MINUTE_MS
      ? say.minute(formatTimeShort(at))
      : say.stretch(formatSpan(pixelMs));
  return { value, decimals: pen.decimals + 1, range: [min, max], made };
}

/** Mean at `ms`; NaN in gaps. */
export function meanAt(pen: PenView, view: ChartView, ms: number, plotWidth: number): number {
  return readAt(pen, view, ms, plotWidth).value;
}
