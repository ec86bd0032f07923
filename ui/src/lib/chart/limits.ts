/** Limits and setpoints over time: they step when the phase changes. */

import type { Band } from '~/lib/ipc/bindings';
import type { TimeWindow } from './window';

/** Lines a band may carry, from the top of the scale to its bottom. */
export const LIMIT_KINDS = ['high_high', 'high', 'setpoint', 'low', 'low_low'] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];

/** A level that holds for a while. */
export interface Step {
  fromMs: number;
  toMs: number;
  value: number;
}

/** A band with its end; the last one reaches to the right edge. */
export interface Stretch {
  fromMs: number;
  toMs: number;
  band: Band;
}

/** The bands that touch the window, cut at its edges; bands rise by `from_ms`. */
export function stretches(bands: readonly Band[], window: TimeWindow): Stretch[] {
  const found: Stretch[] = [];
  bands.forEach((band, i) => {
    const fromMs = Math.max(band.from_ms, window.fromMs);
    const toMs = Math.min(bands[i + 1]?.from_ms ?? window.toMs, window.toMs);
    if (fromMs < toMs) found.push({ fromMs, toMs, band });
  });
  return found;
}

/** A step narrower than this on average can't be seen as one. */
const LEAST_STEP_PX = 12;

/**
 * Stretches as they can be drawn on `plotWidth` pixels. Where phases change faster than can be seen, the band that
 * held longest stands for all (`coarse`): a fence of stripes would say less.
 */
export function drawable(
  bands: readonly Band[],
  window: TimeWindow,
  plotWidth: number,
): { parts: Stretch[]; coarse: boolean } {
  const parts = stretches(bands, window);
  if (parts.length * LEAST_STEP_PX <= plotWidth) return { parts, coarse: false };
  const held = new Map<string, { band: Band; ms: number }>();
  for (const { fromMs, toMs, band } of parts) {
    if (!band.boiling) continue;
    const key = LIMIT_KINDS.map((kind) => band[kind]).join(' ');
    const known = held.get(key) ?? { band, ms: 0 };
    held.set(key, { band, ms: known.ms + toMs - fromMs });
  }
  const longest = [...held.values()].sort((a, b) => b.ms - a.ms)[0];
  const whole = longest === undefined ? [] : [{ ...window, band: longest.band }];
  return { parts: whole, coarse: true };
}

/** The band in force at `ms`; none before the first. */
export function bandAt(bands: readonly Band[], ms: number): Band | null {
  const after = bands.findIndex((band) => band.from_ms > ms);
  return bands[(after === -1 ? bands.length : after) - 1] ?? null;
}

/** Where one limit stands; neighbours of one level are joined, and there is none where the pan does not boil. */
export function steps(parts: readonly Stretch[], kind: LimitKind): Step[] {
  const found: Step[] = [];
  for (const { fromMs, toMs, band } of parts) {
    const value = band[kind];
    if (value === null || !band.boiling) continue;
    const last = found[found.length - 1];
    if (last !== undefined && last.toMs === fromMs && last.value === value) last.toMs = toMs;
    else found.push({ fromMs, toMs, value });
  }
  return found;
}
