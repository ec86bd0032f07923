// Draws one measurement: the last 30 minutes and the moving-pointer bar, on one vertical scale.
import { Ring, SPARK_BUCKETS } from '~/lib/chart/ring';
import type { Band } from '~/lib/ipc/bindings';
import type { BarColors } from './colors';
import type { Measurement } from './view';

/** Room above and below the scale, for the chevrons and half a pointer. */
const PAD = 7;

export interface Look {
  readonly measurement: Measurement;
  readonly ring: Ring;
  readonly nowMs: number;
  readonly stale: boolean;
  /** Not boiling, or stale: the row steps back. */
  readonly dim: boolean;
  readonly compact: boolean;
  /** Rises when history has been read into the ring. */
  readonly revision: number;
}

interface Frame {
  readonly ctx: CanvasRenderingContext2D;
  readonly look: Look;
  readonly colors: BarColors;
  readonly height: number;
  /** Right end of the sparkline. */
  readonly sparkEnd: number;
  readonly barLeft: number;
  readonly barWidth: number;
  readonly y: (value: number) => number;
  /** Colour of the abnormal; null: normal. */
  readonly alarm: string | null;
}

/** A pixel's middle, so that hairlines are one pixel wide. */
const crisp = (at: number) => Math.round(at - 0.5) + 0.5;

function line(
  ctx: CanvasRenderingContext2D,
  points: readonly (readonly [number, number])[],
  color: string,
  width: number,
) {
  ctx.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.stroke();
}

/** Limits as hairlines into the bar; they step where the phase changed. */
function drawLimits({ ctx, look, colors, sparkEnd, barLeft, y }: Frame, side: 'low' | 'high'): void {
  const { bands } = look.measurement;
  const last = Ring.bucketOf(look.nowMs);
  const x = (timeMs: number) =>
    Math.max(0, ((Ring.bucketOf(timeMs) - last + SPARK_BUCKETS - 1) / (SPARK_BUCKETS - 1)) * sparkEnd);
  const { low, high } = look.measurement;
  let points: [number, number][] = [];
  bands.forEach((band: Band, index) => {
    const limit = band[side];
    const until = bands[index + 1]?.from_ms;
    if (limit === null || limit > high || limit < low) {
      if (points.length > 1) line(ctx, points, colors.line, 1);
      points = [];
      return;
    }
    const level = crisp(y(limit));
    points.push([index === 0 ? 0 : crisp(x(band.from_ms)), level]);
    points.push([until === undefined ? barLeft : crisp(x(until)), level]);
  });
  if (points.length > 1) line(ctx, points, colors.line, 1);
}

interface Trace {
  /** Runs without a hole. */
  readonly runs: [number, number][][];
  /** Stretches above (or below) the scale: from, to, whether above. */
  readonly off: [number, number, boolean][];
  /** Right end of what is known. */
  readonly end: number;
}

function trace({ look, sparkEnd, y }: Frame): Trace {
  const { low, high } = look.measurement;
  const last = Ring.bucketOf(look.nowMs);
  const runs: [number, number][][] = [];
  const off: [number, number, boolean][] = [];
  let run: [number, number][] | null = null;
  let end = 0;
  for (let i = 0; i < SPARK_BUCKETS; i++) {
    const bucket = last - SPARK_BUCKETS + 1 + i;
    const value = look.ring.mean(bucket);
    const x = (i / (SPARK_BUCKETS - 1)) * sparkEnd;
    if (Number.isNaN(value)) {
      run = null;
      continue;
    }
    end = x;
    if (value > high || value < low) {
      const previous = off[off.length - 1];
      const above = value > high;
      if (previous && run === null && previous[2] === above) previous[1] = x;
      else off.push([x, x, above]);
      run = null;
      continue;
    }
    if (!run) runs.push((run = []));
    run.push([x, y(value)]);
  }
  return { runs, off, end };
}

function drawSpark(frame: Frame): number {
  const { ctx, look, colors, height, sparkEnd, y, alarm } = frame;
  const { band } = look.measurement;
  const { runs, off, end } = trace(frame);
  ctx.lineJoin = 'round';
  for (const run of runs) line(ctx, run, look.dim ? colors.inkFaint : colors.inkMuted, 1.25);
  // Only the excursion wears the colour: what lies beyond the limits, filled down to them.
  if (alarm !== null && band) {
    for (const [limit, from, to] of [
      [band.high, 0, band.high === null ? 0 : y(band.high)],
      [band.low, band.low === null ? height : y(band.low), height],
    ] as const) {
      if (limit === null) continue;
      ctx.save();
      ctx.beginPath();
      ctx.rect(0, from, sparkEnd + 1, to - from);
      ctx.clip();
      const level = y(limit);
      for (const run of runs) {
        const [first, final] = [run[0], run[run.length - 1]];
        if (!first || !final) continue;
        ctx.beginPath();
        ctx.moveTo(first[0], level);
        for (const [x, at] of run) ctx.lineTo(x, at);
        ctx.lineTo(final[0], level);
        ctx.closePath();
        ctx.globalAlpha = 0.28;
        ctx.fillStyle = alarm;
        ctx.fill();
        ctx.globalAlpha = 1;
        line(ctx, run, alarm, 2);
      }
      ctx.restore();
    }
  }
  // Off the scale there is no line, only dots at the edge.
  ctx.setLineDash([1.5, 4]);
  for (const [from, to, above] of off) {
    const at = above ? PAD + 1 : height - PAD - 1;
    line(
      ctx,
      [
        [from, at],
        [Math.max(to, from + 2), at],
      ],
      colors.inkFaint,
      1.5,
    );
  }
  ctx.setLineDash([]);
  return end;
}

/** Nothing has come since: hatch from the last sample to now. */
function drawHatch({ ctx, colors, height, sparkEnd }: Frame, from: number): void {
  const width = sparkEnd - from - 1;
  if (width < 2) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(from + 1, PAD, width, height - 2 * PAD);
  ctx.clip();
  ctx.globalAlpha = 0.8;
  ctx.beginPath();
  for (let x = from - height; x < sparkEnd + height; x += 8.5) {
    ctx.moveTo(x, height);
    ctx.lineTo(x + height, 0);
  }
  ctx.strokeStyle = colors.hatch;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.restore();
}

function drawBar(frame: Frame): void {
  const { ctx, look, colors, barLeft, barWidth, y, alarm } = frame;
  const { low, high, band, sample, abnormal } = look.measurement;
  const zone = (from: number, to: number, color: string) => {
    const top = Math.round(y(Math.min(high, Math.max(from, to))));
    const bottom = Math.round(y(Math.max(low, Math.min(from, to))));
    ctx.fillStyle = color;
    ctx.fillRect(barLeft, top, barWidth, bottom - top);
  };
  ctx.globalAlpha = look.dim && alarm === null ? 0.6 : 1;
  const b = {
    ll: band?.low_low ?? low,
    l: band?.low ?? low,
    h: band?.high ?? high,
    hh: band?.high_high ?? high,
  };
  const alarmed = band !== null && (band.low ?? band.high ?? band.low_low ?? band.high_high) !== null;
  zone(low, high, alarmed ? colors.trip : colors.normal);
  if (alarmed) {
    zone(b.ll, b.hh, colors.warn);
    zone(b.l, b.h, colors.normal);
  }
  if (alarm !== null && sample && abnormal) {
    const upper = abnormal.condition.startsWith('limit:high');
    if (upper) zone(sample.value > b.hh ? b.hh : b.h, sample.value > b.hh ? high : b.hh, alarm);
    else zone(sample.value < b.ll ? low : b.ll, sample.value < b.ll ? b.ll : b.l, alarm);
  }
  const [top, bottom] = [Math.round(y(high)), Math.round(y(low))];
  ctx.strokeStyle = colors.edge;
  ctx.lineWidth = 1;
  ctx.strokeRect(barLeft - 0.5, top - 0.5, barWidth + 1, bottom - top + 1);
  for (const limit of [band?.low ?? null, band?.high ?? null]) {
    if (limit === null || limit > high || limit < low) continue;
    const at = crisp(y(limit));
    line(
      ctx,
      [
        [barLeft, at],
        [barLeft + barWidth, at],
      ],
      colors.limit,
      1,
    );
  }
  if (band && band.setpoint !== null && band.setpoint <= high && band.setpoint >= low) {
    const at = y(band.setpoint);
    line(
      ctx,
      [
        [barLeft - 3, at],
        [barLeft + barWidth, at],
      ],
      colors.limit,
      1.5,
    );
  }
  ctx.globalAlpha = 1;
}

function drawPointer(frame: Frame): void {
  const { ctx, look, colors, sparkEnd, barLeft, barWidth, y, alarm } = frame;
  const { sample, offScale, low, high } = look.measurement;
  if (!sample) return;
  const color = alarm ?? (look.dim ? colors.inkFaint : colors.pointer);
  const left = barLeft + barWidth + 1.5;
  const at = y(Math.min(high, Math.max(low, sample.value)));
  if (offScale) {
    const up = sample.value > high ? -1 : 1;
    for (const start of [at - 3 * up, at - 8 * up]) {
      line(
        ctx,
        [
          [left, start],
          [left + 4, start + 4 * up],
          [left + 8, start],
        ],
        color,
        1.6,
      );
    }
    return;
  }
  if (!look.stale) {
    ctx.beginPath();
    ctx.arc(sparkEnd, at, alarm === null ? 2 : 3, 0, 2 * Math.PI);
    ctx.fillStyle = alarm ?? (look.dim ? colors.inkFaint : colors.ink);
    ctx.fill();
    line(
      ctx,
      [
        [sparkEnd + 3, crisp(at)],
        [barLeft, crisp(at)],
      ],
      alarm ?? colors.inkFaint,
      1,
    );
  }
  const half = alarm === null ? 4.5 : 5.5;
  ctx.beginPath();
  ctx.moveTo(left - 0.5, at);
  ctx.lineTo(left + 8, at - half);
  ctx.lineTo(left + 8, at + half);
  ctx.closePath();
  ctx.fillStyle = color;
  ctx.strokeStyle = color;
  ctx.lineWidth = 1;
  if (!look.stale) ctx.fill();
  ctx.stroke();
}

/** Draws on a context of the size `width` × `height` in CSS pixels, already scaled to the screen. */
export function drawMeasurement(
  ctx: CanvasRenderingContext2D,
  width: number,
  height: number,
  look: Look,
  colors: BarColors,
): void {
  const { low, high, abnormal } = look.measurement;
  const barWidth = look.compact ? 9 : 11;
  const barLeft = Math.round(width - barWidth - 11);
  const span = high > low ? high - low : 1;
  const frame: Frame = {
    ctx,
    look,
    colors,
    height,
    sparkEnd: barLeft - 9,
    barLeft,
    barWidth,
    y: (value) => PAD + (height - 2 * PAD) * (1 - (Math.min(high, Math.max(low, value)) - low) / span),
    alarm: abnormal ? colors[abnormal.priority] : null,
  };
  ctx.clearRect(0, 0, width, height);
  drawLimits(frame, 'high');
  drawLimits(frame, 'low');
  const end = drawSpark(frame);
  if (look.stale && !look.measurement.offScale) drawHatch(frame, end);
  drawBar(frame);
  drawPointer(frame);
}

/** Two equal signatures draw the same picture: positions count to a pixel. */
export function signature(look: Look, width: number, height: number): string {
  const { measurement: m, nowMs } = look;
  const span = m.high > m.low ? m.high - m.low : 1;
  const at = m.sample === null ? -1 : Math.round((height / span) * (m.sample.value - m.low));
  const band = m.band;
  return [
    width,
    height,
    Ring.bucketOf(nowMs),
    m.offScale ? Math.sign(at) : at,
    look.stale,
    look.dim,
    look.compact,
    look.revision,
    m.abnormal?.priority,
    m.abnormal?.condition,
    m.bands.length,
    m.low,
    m.high,
    band?.from_ms,
    band?.setpoint,
    band?.low_low,
    band?.low,
    band?.high,
    band?.high_high,
  ].join();
}
