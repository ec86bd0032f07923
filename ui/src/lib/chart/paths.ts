/** Path of one pen for uPlot: the mean as a line, least to greatest as an area, broken at gaps, kept within its lane. */

import type { Gap, Points } from './columns';
import { lowerBound } from './columns';
import type { Range } from './lanes';

/** A lane in canvas pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Indices `[from, to)` of an unbroken run of points. */
export type Run = readonly [from: number, to: number];

/** Splits the points of `fromMs` to `toMs`, with one more on either side, at the gaps. */
export function runs(timeMs: Float64Array, gaps: readonly Gap[], fromMs: number, toMs: number): Run[] {
  const first = Math.max(0, lowerBound(timeMs, fromMs) - 1);
  const end = Math.min(timeMs.length, lowerBound(timeMs, toMs) + 1);
  const found: Run[] = [];
  let start = first;
  for (const [from, to] of gaps) {
    // A gap lies between two points: it begins at or after one, and ends at or before the next.
    const cut = lowerBound(timeMs, (from + to) / 2);
    if (cut <= start) continue;
    if (cut >= end) break;
    found.push([start, cut]);
    start = cut;
  }
  if (start < end) found.push([start, end]);
  return found;
}

/** Linear map from a range of values to pixels. */
export function scaler(
  from: number,
  to: number,
  pixelFrom: number,
  pixelTo: number,
): (value: number) => number {
  const factor = to === from ? 0 : (pixelTo - pixelFrom) / (to - from);
  return (value) => pixelFrom + (value - from) * factor;
}

export interface PenPaths {
  stroke: Path2D;
  /** None where every point is a single sample. */
  fill: Path2D | null;
  clip: Path2D;
}

export function penPaths(
  points: Points,
  gaps: readonly Gap[],
  window: Range,
  range: Range,
  box: Box,
  envelope: boolean,
): PenPaths {
  const x = scaler(window[0], window[1], box.left, box.left + box.width);
  const y = scaler(range[0], range[1], box.top + box.height, box.top);
  const stroke = new Path2D();
  const fill = envelope ? new Path2D() : null;
  const { timeMs, mean, min, max } = points;
  for (const [from, to] of runs(timeMs, gaps, window[0], window[1])) {
    stroke.moveTo(x(timeMs[from] ?? 0), y(mean[from] ?? 0));
    // A lone sample between two gaps is a dot, not nothing.
    if (to - from === 1) stroke.lineTo(x(timeMs[from] ?? 0) + 0.01, y(mean[from] ?? 0));
    for (let i = from + 1; i < to; i += 1) stroke.lineTo(x(timeMs[i] ?? 0), y(mean[i] ?? 0));
    if (fill === null) continue;
    fill.moveTo(x(timeMs[from] ?? 0), y(max[from] ?? 0));
    for (let i = from + 1; i < to; i += 1) fill.lineTo(x(timeMs[i] ?? 0), y(max[i] ?? 0));
    for (let i = to - 1; i >= from; i -= 1) fill.lineTo(x(timeMs[i] ?? 0), y(min[i] ?? 0));
    fill.closePath();
  }
  const clip = new Path2D();
  clip.rect(box.left, box.top, box.width, box.height);
  return { stroke, fill, clip };
}
