/** The visible stretch of time: panning, zooming, following now. Pure: now is handed in. */

/** A stretch of time, ms since the epoch; `fromMs < toMs`. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Below ten seconds a plot at 1 Hz shows nothing more. */
export const MIN_SPAN_MS = 10_000;
/** Fifty years: more than any store will hold, less than where dates lose their meaning. */
export const MAX_SPAN_MS = 50 * 365 * 86_400_000;
/** The store's own span is seen with this share of it as air: its beginning should be seen to be one. */
const AIR = 0.05;

export function span(window: TimeWindow): number {
  return window.toMs - window.fromMs;
}

/** The window of `spanMs` that ends at `nowMs`. */
export function following(nowMs: number, spanMs: number): TimeWindow {
  return { fromMs: nowMs - spanMs, toMs: nowMs };
}

/**
 * Right edge while Live: now rounded up to whole pixels, so that the picture moves by whole pixels and only when one is due.
 * @param pixels width of the plot, at least 1
 */
export function liveEdge(nowMs: number, spanMs: number, pixels: number): number {
  const step = spanMs / Math.max(1, pixels);
  return Math.ceil(nowMs / step) * step;
}

/** First stored moment and now: where there may be something to see. `firstMs` is null while nothing is stored or known. */
export interface Bounds {
  readonly firstMs: number | null;
  readonly nowMs: number;
}

/**
 * `size` ms from `fromMs`, moved to where there may be something to see: neither past now nor before the store, but no
 * farther than `window` is already.
 */
function kept(fromMs: number, size: number, window: TimeWindow, { firstMs, nowMs }: Bounds): TimeWindow {
  const latest = Math.max(nowMs, window.toMs) - size;
  const earliest = Math.min((firstMs ?? -Infinity) - AIR * size, window.fromMs);
  const from = Math.min(Math.max(fromMs, earliest), latest);
  return { fromMs: from, toMs: from + size };
}

/** Moves by `deltaMs` and keeps the span. */
export function pan(window: TimeWindow, deltaMs: number, bounds: Bounds): TimeWindow {
  return kept(window.fromMs + deltaMs, span(window), window, bounds);
}

/**
 * Scales the span by `factor` (below 1: nearer), at most to the store's, and keeps the moment `aboutMs` where it is,
 * unless that would show what is not to be seen.
 */
export function zoom(window: TimeWindow, aboutMs: number, factor: number, bounds: Bounds): TimeWindow {
  const old = span(window);
  const stored = bounds.firstMs === null ? MAX_SPAN_MS : (1 + AIR) * (bounds.nowMs - bounds.firstMs);
  const most = Math.min(MAX_SPAN_MS, Math.max(stored, old));
  const size = Math.min(most, Math.max(MIN_SPAN_MS, old * factor));
  const share = (aboutMs - window.fromMs) / old;
  return kept(aboutMs - share * size, size, window, bounds);
}

/** The window with one more of its size on either side, so that a pan finds its data there. */
export function withSides(window: TimeWindow, nowMs: number): TimeWindow {
  const size = span(window);
  return { fromMs: window.fromMs - size, toMs: Math.max(window.toMs, Math.min(window.toMs + size, nowMs)) };
}

export function covers(outer: TimeWindow, inner: TimeWindow): boolean {
  return outer.fromMs <= inner.fromMs && outer.toMs >= inner.toMs;
}
