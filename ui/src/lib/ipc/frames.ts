/**
 * Decoders of the two binary frames (layout: crates/app/api/src/frame.rs, golden files in contract/frames).
 * Trend columns are views into the received buffer: no number is copied.
 */

/** One sample of a live frame. */
export interface LiveSample {
  /** Machine id. */
  machine: number;
  /** Index into `PlantSnapshot.metrics`. */
  metric: number;
  /** Device time, ms since the epoch. */
  timeMs: number;
  /** Value in the metric's unit. */
  value: number;
}

/** A live frame. */
export interface LiveFrame {
  /** Wall clock of the core at encoding, ms since the epoch. */
  nowMs: number;
  samples: LiveSample[];
}

/** How the points of a pen came to be. */
export type Resolution = 'raw' | 'minutes' | 'reduced';

/** Statistics of the requested window; NaN where there are none. */
export interface PenStats {
  /** Time-weighted mean. */
  mean: number;
  min: number;
  max: number;
  /** Standard deviation, time-weighted. */
  sigma: number;
  /** Share of the window with data, 0 to 1. */
  share: number;
  /** When the minimum was measured, ms since the epoch. */
  minAtMs: number;
  /** When the maximum was measured, ms since the epoch. */
  maxAtMs: number;
}

/** Columns of one pen, all of one length. */
export interface PenColumns {
  resolution: Resolution;
  stats: PenStats;
  /** Rising, ms since the epoch. */
  timeMs: Float64Array;
  /** Mean of the point (raw: the value). */
  mean: Float64Array;
  min: Float64Array;
  max: Float64Array;
  /** from, to, from, to … in ms since the epoch: disjoint, rising; nothing is drawn across them. */
  gaps: Float64Array;
}

/** A trend frame: the pens in the request's order. */
export interface TrendFrame {
  fromMs: number;
  toMs: number;
  /** Wall clock of the core at encoding. */
  nowMs: number;
  pens: PenColumns[];
}

/** A frame that this version can't read: what was found and where. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const LIVE_MAGIC = 0x4c; // 'L'
const TREND_MAGIC = 0x54; // 'T'
const VERSION = 1;
const LIVE_HEADER_BYTES = 16;
const LIVE_SAMPLE_BYTES = 24;
const TREND_HEADER_BYTES = 32;
const PEN_HEADER_BYTES = 16;
const STATS = 7;
const DOUBLE_BYTES = 8;
const RESOLUTIONS: readonly Resolution[] = ['raw', 'minutes', 'reduced'];

/** Typed arrays use the machine's order of bytes, the frames are little-endian: so is every platform with a webview. */
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function open(buffer: ArrayBuffer, magic: number, headerBytes: number): DataView {
  if (!LITTLE_ENDIAN) throw new FrameError('frames need a little-endian machine');
  if (buffer.byteLength < headerBytes) {
    throw new FrameError(`frame of ${buffer.byteLength} bytes is shorter than its header of ${headerBytes}`);
  }
  const view = new DataView(buffer);
  if (view.getUint8(0) !== magic || view.getUint8(1) !== VERSION) {
    throw new FrameError(`frame starts with ${view.getUint8(0)}, ${view.getUint8(1)}; expected ${magic}, ${VERSION}`);
  }
  return view;
}

/**
 * Decodes a live frame.
 * @throws FrameError if it is cut off or of another kind or version.
 */
export function decodeLive(buffer: ArrayBuffer): LiveFrame {
  const view = open(buffer, LIVE_MAGIC, LIVE_HEADER_BYTES);
  const count = view.getUint32(4, true);
  const needed = LIVE_HEADER_BYTES + count * LIVE_SAMPLE_BYTES;
  if (buffer.byteLength !== needed) {
    throw new FrameError(`live frame of ${count} samples has ${buffer.byteLength} bytes instead of ${needed}`);
  }
  const samples: LiveSample[] = [];
  for (let at = LIVE_HEADER_BYTES; at < needed; at += LIVE_SAMPLE_BYTES) {
    samples.push({
      machine: view.getUint32(at, true),
      metric: view.getUint16(at + 4, true),
      timeMs: view.getFloat64(at + 8, true),
      value: view.getFloat64(at + 16, true),
    });
  }
  return { nowMs: view.getFloat64(8, true), samples };
}

/** Reads on through a frame and never past its end. */
class Cursor {
  constructor(
    private readonly buffer: ArrayBuffer,
    private at: number,
  ) {}

  doubles(count: number): Float64Array {
    const from = this.advance(count * DOUBLE_BYTES);
    return new Float64Array(this.buffer, from, count);
  }

  header(): DataView {
    const from = this.advance(PEN_HEADER_BYTES);
    return new DataView(this.buffer, from, PEN_HEADER_BYTES);
  }

  get left(): number {
    return this.buffer.byteLength - this.at;
  }

  private advance(bytes: number): number {
    if (bytes > this.left) throw new FrameError(`trend frame ends at ${this.buffer.byteLength} bytes, ${bytes - this.left} too early`);
    const from = this.at;
    this.at += bytes;
    return from;
  }
}

function decodePen(cursor: Cursor): PenColumns {
  const header = cursor.header();
  const code = header.getUint32(0, true);
  const points = header.getUint32(4, true);
  const gaps = header.getUint32(8, true);
  const resolution = RESOLUTIONS[code];
  if (resolution === undefined) throw new FrameError(`trend frame has a pen of unknown resolution ${code}`);
  const [mean = NaN, min = NaN, max = NaN, sigma = NaN, share = NaN, minAtMs = NaN, maxAtMs = NaN] = cursor.doubles(STATS);
  return {
    resolution,
    stats: { mean, min, max, sigma, share, minAtMs, maxAtMs },
    timeMs: cursor.doubles(points),
    mean: cursor.doubles(points),
    min: cursor.doubles(points),
    max: cursor.doubles(points),
    gaps: cursor.doubles(2 * gaps),
  };
}

/**
 * Decodes a trend frame.
 * @throws FrameError if it is cut off, too long, or of another kind or version.
 */
export function decodeTrend(buffer: ArrayBuffer): TrendFrame {
  const view = open(buffer, TREND_MAGIC, TREND_HEADER_BYTES);
  const count = view.getUint32(4, true);
  const cursor = new Cursor(buffer, TREND_HEADER_BYTES);
  const pens: PenColumns[] = [];
  for (let i = 0; i < count; i += 1) pens.push(decodePen(cursor));
  if (cursor.left > 0) throw new FrameError(`trend frame of ${count} pens has ${cursor.left} bytes too many`);
  return { fromMs: view.getFloat64(8, true), toMs: view.getFloat64(16, true), nowMs: view.getFloat64(24, true), pens };
}
