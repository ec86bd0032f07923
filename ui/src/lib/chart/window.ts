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

/** Moves by `deltaMs`, but never past now: there is nothing to see in the future. */
export function pan(window: TimeWindow, deltaMs: number, nowMs: number): TimeWindow {
  const toMs = Math.min(window.toMs + deltaMs, Math.max(nowMs, window.toMs));
  return { fromMs: toMs - span(window), toMs };
}

/**
 * Scales the span by `factor` (below 1: nearer) and keeps the moment `aboutMs` where it is, unless that would show the future.
 */
export function zoom(window: TimeWindow, aboutMs: number, factor: number, nowMs: number): TimeWindow {
  const old = span(window);
  const wanted = Math.min(MAX_SPAN_MS, Math.max(MIN_SPAN_MS, old * factor));
  const share = (aboutMs - window.fromMs) / old;
  const fromMs = aboutMs - share * wanted;
  const over = Math.max(0, fromMs + wanted - Math.max(nowMs, window.toMs));
  return { fromMs: fromMs - over, toMs: fromMs + wanted - over };
}

/** The window with one more of its size on either side, so that a pan finds its data there. */
export function withSides(window: TimeWindow, nowMs: number): TimeWindow {
  const size = span(window);
  return { fromMs: window.fromMs - size, toMs: Math.max(window.toMs, Math.min(window.toMs + size, nowMs)) };
}

export function covers(outer: TimeWindow, inner: TimeWindow): boolean {
  return outer.fromMs <= inner.fromMs && outer.toMs >= inner.toMs;
}
