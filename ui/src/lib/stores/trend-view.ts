// What of the trend is remembered between two starts. It comes back as any JSON, also from another version.
import { MAX_SPAN_MS } from '~/lib/chart/window';
import { PEN_STYLES } from '~/lib/chart/palette';
import type { JsonValue, Pen } from '~/lib/ipc/bindings';

/** A start shows this much at least: what was remembered is a span of the toolbar, never how near somebody looked. */
const LEAST_SPAN_MS = 1_800_000;

export interface TrendView {
  readonly pens: readonly (Pen & { readonly style: number })[];
  readonly spanMs: number;
  readonly selected: string | null;
}

function readPen(value: unknown): TrendView['pens'][number] | null {
  if (typeof value !== 'object' || value === null) return null;
  const { machine, metric, style } = value as Record<string, unknown>;
  if (typeof machine !== 'number' || !Number.isInteger(machine) || typeof metric !== 'string') return null;
  const fits = typeof style === 'number' && Number.isInteger(style) && style >= 0 && style < PEN_STYLES;
  return { machine, metric, style: fits ? style : 0 };
}

/** The remembered view; null if there is none or it can't be read. */
export function readTrendView(value: JsonValue): TrendView | null {
  if (typeof value !== 'object' || value === null) return null;
  const { pens, spanMs, selected } = value as Record<string, unknown>;
  if (!Array.isArray(pens) || typeof spanMs !== 'number' || !Number.isFinite(spanMs)) return null;
  return {
    pens: pens.flatMap((pen) => readPen(pen) ?? []),
    spanMs: Math.min(MAX_SPAN_MS, Math.max(LEAST_SPAN_MS, spanMs)),
    selected: typeof selected === 'string' ? selected : null,
  };
}
