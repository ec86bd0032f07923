// Decoders of the binary frames that crates/app/api/src/frame.rs documents. Little-endian; columns are read in
// place. A frame that cannot be read gives null: the caller keeps what it has.

const LIVE_MAGIC = 0x4c;
const TREND_MAGIC = 0x54;
const VERSION = 1;
const LIVE_HEADER = 16;
const LIVE_SAMPLE = 24;
const TREND_HEADER = 32;
const PEN_HEADER = 16;
const STATS = 7;

export interface LiveFrame {
  /** Wall clock of the core when it encoded, ms. */
  readonly nowMs: number;
  readonly count: number;
  readonly machine: (index: number) => number;
  /** Index into `PlantSnapshot.metrics`. */
  readonly metric: (index: number) => number;
  readonly timeMs: (index: number) => number;
  readonly value: (index: number) => number;
}

export function decodeLive(buffer: ArrayBuffer): LiveFrame | null {
  if (buffer.byteLength < LIVE_HEADER) return null;
  const view = new DataView(buffer);
  if (view.getUint8(0) !== LIVE_MAGIC || view.getUint8(1) !== VERSION) return null;
  const count = view.getUint32(4, true);
  if (buffer.byteLength < LIVE_HEADER + count * LIVE_SAMPLE) return null;
  const at = (index: number) => LIVE_HEADER + index * LIVE_SAMPLE;
  return {
    nowMs: view.getFloat64(8, true),
    count,
    machine: (index) => view.getUint32(at(index), true),
    metric: (index) => view.getUint16(at(index) + 4, true),
    timeMs: (index) => view.getFloat64(at(index) + 8, true),
    value: (index) => view.getFloat64(at(index) + 16, true),
  };
}

export type Resolution = 'raw' | 'minute' | 'reduced';
const RESOLUTIONS: readonly Resolution[] = ['raw', 'minute', 'reduced'];

export interface PenStats {
  /** Time-weighted. */
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly sigma: number;
  /** Share of the window with data, 0 to 1. */
  readonly coverage: number;
  readonly minAtMs: number;
  readonly maxAtMs: number;
}

export interface PenColumns {
  readonly resolution: Resolution;
  readonly stats: PenStats;
  readonly timeMs: Float64Array;
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** From, to, from, to … in ms. */
  readonly gaps: Float64Array;
}

export interface TrendFrame {
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
  readonly pens: readonly PenColumns[];
}

export function decodeTrend(buffer: ArrayBuffer): TrendFrame | null {
  if (buffer.byteLength < TREND_HEADER) return null;
  const view = new DataView(buffer);
  if (view.getUint8(0) !== TREND_MAGIC || view.getUint8(1) !== VERSION) return null;
  const count = view.getUint32(4, true);
  const pens: PenColumns[] = [];
  let at = TREND_HEADER;
  for (let pen = 0; pen < count; pen++) {
    if (buffer.byteLength < at + PEN_HEADER + STATS * 8) return null;
    const resolution = RESOLUTIONS[view.getUint32(at, true)];
    const points = view.getUint32(at + 4, true);
    const gaps = view.getUint32(at + 8, true);
    at += PEN_HEADER;
    if (resolution === undefined || buffer.byteLength < at + 8 * (STATS + 4 * points + 2 * gaps)) return null;
    const column = (length: number) => {
      const values = new Float64Array(buffer, at, length);
      at += 8 * length;
      return values;
    };
    const s = column(STATS);
    const stat = (index: number) => s[index] ?? NaN;
    pens.push({
      resolution,
      stats: {
        mean: stat(0),
        min: stat(1),
        max: stat(2),
        sigma: stat(3),
        coverage: stat(4),
        minAtMs: stat(5),
        maxAtMs: stat(6),
      },
      timeMs: column(points),
      mean: column(points),
      min: column(points),
      max: column(points),
      gaps: column(2 * gaps),
    });
  }
  return {
    fromMs: view.getFloat64(8, true),
    toMs: view.getFloat64(16, true),
    nowMs: view.getFloat64(24, true),
    pens,
  };
}
