/** Limits in words: which are in force at the right edge, and where in the plot an earlier one can be named. */

import { lowerBound } from './columns';
import { LIMIT_KINDS, steps, type LimitKind, type Step, type Stretch } from './limits';
import type { PlacedPen, Scene } from './view';
import { span } from './window';

/** A limit in force at the right edge. */
export interface EdgeLimit {
  kind: LimitKind;
  value: number;
}

/** Limits of the last stretch, if it reaches the right edge of the window. */
export function edgeLimits(parts: readonly Stretch[], toMs: number): EdgeLimit[] {
  const last = parts[parts.length - 1];
  if (last === undefined || last.toMs < toMs || !last.band.boiling) return [];
  return LIMIT_KINDS.flatMap((kind) => {
    const value = last.band[kind];
    return value === null ? [] : [{ kind, value }];
  });
}

/** Levels that hold no more at the right edge. */
export function earlierSteps(parts: readonly Stretch[], kind: LimitKind, toMs: number): Step[] {
  return steps(parts, kind).filter((step) => step.toMs < toMs);
}

/** A box, CSS pixels. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
}

/** Does the pen's line or envelope run through the box? The line between two points counts as well. */
export function crosses(scene: Pick<Scene, 'view' | 'geometry' | 'y'>, pen: PlacedPen, box: Box): boolean {
  const { timeMs, min, max } = pen.trace.points;
  const { left, plotWidth } = scene.geometry;
  const { window } = scene.view;
  const msAt = (x: number): number => window.fromMs + ((x - left) / plotWidth) * span(window);
  const first = Math.max(0, lowerBound(timeMs, msAt(box.left)) - 1);
  const end = Math.min(timeMs.length, lowerBound(timeMs, msAt(box.right)) + 1);
  let high = Infinity;
  let low = -Infinity;
  for (let i = first; i < end; i += 1) {
    high = Math.min(high, scene.y(pen.lane, max[i] ?? NaN));
    low = Math.max(low, scene.y(pen.lane, min[i] ?? NaN));
  }
  return high <= low && high < box.bottom && low > box.top;
}
