// Writers of the binary frames, as crates/app/api/src/frame.rs does; the invented plant alone needs them here.
import type { PenColumns } from '~/lib/ipc/frames';

export interface LiveSample {
  readonly machine: number;
  readonly metric: number;
  readonly timeMs: number;
  readonly value: number;
}

export function encodeLive(nowMs: number, samples: readonly LiveSample[]): ArrayBuffer {
  const buffer = new ArrayBuffer(16 + 24 * samples.length);
  const view = new DataView(buffer);
  view.setUint8(0, 0x4c);
  view.setUint8(1, 1);
  view.setUint32(4, samples.length, true);
  view.setFloat64(8, nowMs, true);
  samples.forEach((sample, index) => {
    const at = 16 + 24 * index;
    view.setUint32(at, sample.machine, true);
    view.setUint16(at + 4, sample.metric, true);
    view.setFloat64(at + 8, sample.timeMs, true);
    view.setFloat64(at + 16, sample.value, true);
  });
  return buffer;
}

export function encodeTrend(
  fromMs: number,
  toMs: number,
  nowMs: number,
  pens: readonly PenColumns[],
): ArrayBuffer {
  const bytes = pens.reduce((sum, pen) => sum + 72 + 32 * pen.timeMs.length + 8 * pen.gaps.length, 32);
  const buffer = new ArrayBuffer(bytes);
  const view = new DataView(buffer);
  view.setUint8(0, 0x54);
  view.setUint8(1, 1);
  view.setUint32(4, pens.length, true);
  [fromMs, toMs, nowMs].forEach((value, index) => view.setFloat64(8 + 8 * index, value, true));
  let at = 32;
  for (const pen of pens) {
    view.setUint32(at, ['raw', 'minute', 'reduced'].indexOf(pen.resolution), true);
    view.setUint32(at + 4, pen.timeMs.length, true);
    view.setUint32(at + 8, pen.gaps.length / 2, true);
    at += 16;
    const { mean, min, max, sigma, coverage, minAtMs, maxAtMs } = pen.stats;
    const stats = Float64Array.of(mean, min, max, sigma, coverage, minAtMs, maxAtMs);
    for (const column of [stats, pen.timeMs, pen.mean, pen.min, pen.max, pen.gaps]) {
      new Float64Array(buffer, at, column.length).set(column);
      at += 8 * column.length;
    }
  }
  return buffer;
}
