/** Lanes: one a unit, stacked, sharing the time axis. Where each lies, and which values it spans. */

import type { Band } from '~/lib/ipc/bindings';
import { lowerBound, type Points } from './columns';
import { LIMIT_KINDS, stretches } from './limits';
import { niceStep } from './ticks';
import type { TimeWindow } from './window';

/** A lane and its pens, by index. */
export interface Lane {
  unit: string;
  pens: number[];
}

/** A lane on the canvas, CSS pixels. */
export interface LaneBox extends Lane {
  top: number;
  height: number;
}

/** Where everything lies in the chart's panel, CSS pixels. */
export interface Geometry {
  width: number;
  height: number;
  left: number;
  top: number;
  plotWidth: number;
  plotHeight: number;
  compact: boolean;
  lanes: LaneBox[];
}

/** Below this width (a 1366-pixel screen) margins shrink. */
const COMPACT_BELOW = 1400;
/** A lane of several pens is this much higher than a lane of one. */
const CROWDED_WEIGHT = 1.27;
/** Distances in CSS pixels, as drawn. */
const MARGIN = { left: 62, right: 132, top: 78, bottom: 96, between: 36 };
const COMPACT_MARGIN = { left: 52, right: 112, top: 74, bottom: 96, between: 30 };

/** Of a small chart beside something else: no badge, events or strip. */
const MINI_MARGIN = { left: 46, right: 98, top: 20, bottom: 24, between: 22 };

/** One lane a unit, in the order in which units first appear. */
export function lanesOf(units: readonly string[]): Lane[] {
  const lanes: Lane[] = [];
  units.forEach((unit, pen) => {
    const lane = lanes.find((one) => one.unit === unit);
    if (lane === undefined) lanes.push({ unit, pens: [pen] });
    else lane.pens.push(pen);
  });
  return lanes;
}

/** Lays lanes out in a panel of `width` × `height`. */
export function layout(width: number, height: number, lanes: readonly Lane[], mini = false): Geometry {
  const compact = width < COMPACT_BELOW;
  const margin = mini ? MINI_MARGIN : compact ? COMPACT_MARGIN : MARGIN;
  const plotWidth = Math.max(1, width - margin.left - margin.right);
  const plotHeight = Math.max(1, height - margin.top - margin.bottom);
  const weights = lanes.map((lane) => (lane.pens.length > 1 ? CROWDED_WEIGHT : 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const room = Math.max(lanes.length, plotHeight - margin.between * (lanes.length - 1));
  let top = margin.top;
  const boxes = lanes.map((lane, i) => {
    const last = i === lanes.length - 1;
    const share = Math.max(1, Math.round((room * (weights[i] ?? 1)) / all));
    const box = { ...lane, top, height: last ? Math.max(1, margin.top + plotHeight - top) : share };
    top += share + margin.between;
    return box;
  });
  return { width, height, left: margin.left, top: margin.top, plotWidth, plotHeight, compact, lanes: boxes };
}

/** Values from `low` to `high`. */
export type Range = readonly [low: number, high: number];

/** What happens between strikes is left off the scale if it would need more than this many times the scale of the boil. */
const OFF_SCALE_FROM = 2.5;

/**
 * Least and greatest value in the window. Of a pen with limits, what lies outside the boil is left out where it would
 * flatten the rest (a broken vacuum is a thousand mbar); the chart marks it as off the scale. A point that stands for a
 * pixel or a minute is left out next to such a change, because it mixes both.
 */
export function extent(points: Points, bands: readonly Band[], window: TimeWindow): Range | null {
  const whole = scan(points, [[window.fromMs, window.toMs]]);
  const limits = limitExtent(bands, window);
  if (whole === null || limits === null) return whole;
  const pitchMs = pitch(points.timeMs);
  const clean = stretches(bands, window)
    .filter(({ band }) => band.boiling)
    .map(({ fromMs, toMs }): Range => [
      fromMs === window.fromMs ? fromMs : fromMs + pitchMs,
      toMs === window.toMs ? toMs : toMs - pitchMs,
    ]);
  const boil = scan(points, clean);
  if (boil === null) return whole;
  const low = Math.min(boil[0], limits[0]);
  const high = Math.max(boil[1], limits[1]);
  const needed = Math.max(high, whole[1]) - Math.min(low, whole[0]);
  return needed <= OFF_SCALE_FROM * (high - low) ? whole : boil;
}

/** In a coarse picture values may leave the usual scale by this share of it; beyond lies what happens between strikes. */
const COARSE_ROOM = 0.5;

/** Cuts a range of a coarse picture, where strikes and what lies between them can't be told apart, at the usual scale. */
export function cutToScale(range: Range | null, [low, high]: Range): Range | null {
  if (range === null) return null;
  const room = (high - low) * COARSE_ROOM;
  const cut: Range = [Math.max(range[0], low - room), Math.min(range[1], high + room)];
  return cut[0] < cut[1] ? cut : range;
}

/** Usual distance of two points, ms. */
function pitch(timeMs: Float64Array): number {
  const n = timeMs.length;
  return n < 2 ? 0 : ((timeMs[n - 1] ?? 0) - (timeMs[0] ?? 0)) / (n - 1);
}

function scan({ timeMs, min, max }: Points, parts: readonly Range[]): Range | null {
  let low = Infinity;
  let high = -Infinity;
  for (const [fromMs, toMs] of parts) {
    const end = lowerBound(timeMs, toMs);
    for (let i = lowerBound(timeMs, fromMs); i < end; i += 1) {
      low = Math.min(low, min[i] ?? Infinity);
      high = Math.max(high, max[i] ?? -Infinity);
    }
  }
  return low <= high ? [low, high] : null;
}

/** Span of the limits and setpoints in force within the window. */
export function limitExtent(bands: readonly Band[], window: TimeWindow): Range | null {
  let low = Infinity;
  let high = -Infinity;
  for (const { band } of stretches(bands, window)) {
    if (!band.boiling) continue;
    for (const kind of LIMIT_KINDS) {
      const value = band[kind];
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? [low, high] : null;
}

/** Air above and below what must be seen, as a share of it. */
const AIR = 0.12;
/** A scale is kept while what must be seen fills at least this share of it: axes should not breathe. */
const KEEP_ABOVE = 0.6;

/**
 * Range of a lane that shows all of `parts`.
 * @param previous range drawn last; kept while it fits
 * @param leastSpan least span, so that noise of the last decimal does not fill a lane
 */
export function laneRange(
  parts: readonly (Range | null)[],
  previous: Range | null,
  leastSpan: number,
): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const part of parts) {
    if (part === null) continue;
    low = Math.min(low, part[0]);
    high = Math.max(high, part[1]);
  }
  if (low > high) return previous ?? [0, 1];
  const short = leastSpan - (high - low);
  if (short > 0) {
    low -= short / 2;
    high += short / 2;
  }
  if (
    previous !== null &&
    previous[0] <= low &&
    previous[1] >= high &&
    high - low >= KEEP_ABOVE * (previous[1] - previous[0])
  )
    return previous;
  const air = (high - low) * AIR;
  // Half a step of a coarse grid: ends are round enough to stand still and close enough to waste nothing.
  const grid = niceStep((high - low) / 10) / 2;
  return [Math.floor((low - air) / grid) * grid, Math.ceil((high + air) / grid) * grid];
}

/** A label beside a lane, CSS pixels. */
export interface Label {
  middle: number;
  height: number;
}

/** Pushes labels apart without leaving `from` to `to`; keeps their order. Returns the middles. */
export function spread(labels: readonly Label[], from: number, to: number): number[] {
  const order = labels.map((label, i) => ({ ...label, i })).sort((a, b) => a.middle - b.middle);
  let least = from;
  for (const label of order) {
    label.middle = Math.max(label.middle, least + label.height / 2);
    least = label.middle + label.height / 2;
  }
  let most = to;
  for (const label of [...order].reverse()) {
    label.middle = Math.min(label.middle, most - label.height / 2);
    most = label.middle - label.height / 2;
  }
  const placed = new Array<number>(labels.length).fill(0);
  for (const { middle, i } of order) placed[i] = middle;
  return placed;
}
