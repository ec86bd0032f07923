// Draws the minutes around an alarm: the value, its limits, when it was raised.
import type { Palette } from '~/lib/chart/palette';
import { formatNumber, formatTime, formatTimeShort } from '~/lib/format';
import type { AlarmRow, Band } from '~/lib/ipc/bindings';
import type { PenColumns } from '~/lib/ipc/frames';
import { words } from '~/lib/words';
import { conditionName, priorityOf } from '~/lib/words/named';

export interface EventData {
  readonly row: AlarmRow;
  readonly fromMs: number;
  readonly toMs: number;
  readonly pen: PenColumns;
  readonly bands: readonly Band[];
}

const LEFT = 14;
const RIGHT = 62;
const TOP = 24;
const BOTTOM = 26;
const MINUTE = 60_000;
/** Fewer labels than this would leave the axis without sense. */
const LABEL_EVERY_PX = 88;

interface Plot {
  readonly ctx: CanvasRenderingContext2D;
  readonly data: EventData;
  readonly palette: Palette;
  readonly right: number;
  readonly bottom: number;
  readonly x: (timeMs: number) => number;
  readonly y: (value: number) => number;
  readonly low: number;
  readonly high: number;
}

const crisp = (at: number) => Math.round(at - 0.5) + 0.5;

/** Values and limits, with a tenth of room on both sides. */
function scaleOf({ pen, bands, row }: EventData): [number, number] {
  const band = bands[bands.length - 1];
  const limits = [band?.low, band?.high, row.limit].filter((v) => typeof v === 'number');
  const values = [...pen.min, ...pen.max, ...limits].filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) * 0.1, Math.abs(high) * 0.002, 0.1);
  return [low - room, high + room];
}

function drawLimits({ ctx, data, palette, right, x, y, low, high }: Plot): void {
  const { color } = palette;
  data.bands.forEach((band, index) => {
    const from = Math.max(LEFT, x(band.from_ms));
    const to = Math.min(right, x(data.bands[index + 1]?.from_ms ?? data.toMs));
    const fill = (a: number | null, b: number | null, paint: string) => {
      if (a === null || b === null || to <= from) return;
      const [p, q] = [y(Math.min(high, Math.max(a, b))), y(Math.max(low, Math.min(a, b)))];
      ctx.fillStyle = paint;
      ctx.fillRect(from, p, to - from, Math.max(0, q - p));
    };
    fill(band.high, band.high_high ?? high, color['chart-warn']);
    fill(band.low_low ?? low, band.low, color['chart-warn']);
    if (band.high_high !== null && band.high_high < high) fill(band.high_high, high, color['chart-trip']);
    if (band.low_low !== null && band.low_low > low) fill(low, band.low_low, color['chart-trip']);
  });
  const last = data.bands[data.bands.length - 1];
  ctx.font = `11px ${palette.family}`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  for (const limit of new Set([last?.low_low, last?.low, last?.high, last?.high_high])) {
    if (limit === null || limit === undefined || limit < low || limit > high) continue;
    const at = crisp(y(limit));
    ctx.strokeStyle = color['band-edge'];
    ctx.lineWidth = 1;
    ctx.setLineDash([1, 3]);
    ctx.beginPath();
    ctx.moveTo(LEFT, at);
    ctx.lineTo(right, at);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.fillStyle = color['ink-muted'];
    ctx.fillText(`${formatNumber(limit, data.row.decimals)} ${data.row.unit}`, right + 7, at);
  }
}

function drawTimes({ ctx, data, palette, right, bottom, x }: Plot): void {
  const { color } = palette;
  const fit = Math.max(2, Math.floor((right - LEFT) / LABEL_EVERY_PX));
  const step = [1, 2, 5, 10, 15, 30, 60]
    .map((m) => m * MINUTE)
    .find((s) => (data.toMs - data.fromMs) / s <= fit);
  const every = step ?? 120 * MINUTE;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  for (let at = Math.ceil(data.fromMs / every) * every; at <= data.toMs; at += every) {
    const px = crisp(x(at));
    ctx.strokeStyle = color.line;
    ctx.beginPath();
    ctx.moveTo(px, TOP);
    ctx.lineTo(px, bottom);
    ctx.stroke();
    ctx.fillStyle = color['ink-muted'];
    if (px > LEFT + 14 && px < right + 20) ctx.fillText(formatTimeShort(at), px, bottom + 17);
  }
}

/** The trace, broken where nothing came. */
function path({ ctx, data, x, y }: Plot): void {
  const { timeMs, mean, gaps } = data.pen;
  ctx.beginPath();
  let gap = 0;
  let before = -Infinity;
  timeMs.forEach((time, i) => {
    while (gap < gaps.length && (gaps[gap] ?? Infinity) < before) gap += 2;
    const broken = i === 0 || (gaps[gap] ?? Infinity) < time;
    if (broken) ctx.moveTo(x(time), y(mean[i] ?? NaN));
    else ctx.lineTo(x(time), y(mean[i] ?? NaN));
    before = time;
  });
}

function drawTrace(plot: Plot): void {
  const { ctx, data, palette, right, bottom, x, y } = plot;
  const { row, pen } = data;
  const [color, edge] = [palette.color, palette.color[`alarm-${priorityOf(row.priority)}-edge`]];
  const last = pen.timeMs.length - 1;
  if (last < 0) return;
  const [lastX, lastY] = [x(pen.timeMs[last] ?? 0), y(pen.mean[last] ?? 0)];
  ctx.lineJoin = 'round';
  if (row.limit !== null) {
    const level = y(row.limit);
    const upper = row.condition.startsWith('limit:high');
    ctx.save();
    ctx.beginPath();
    ctx.rect(LEFT, upper ? TOP : level, right - LEFT, upper ? level - TOP : bottom - level);
    ctx.clip();
    path(plot);
    ctx.lineTo(lastX, level);
    ctx.lineTo(x(pen.timeMs[0] ?? 0), level);
    ctx.closePath();
    ctx.globalAlpha = 0.24;
    ctx.fillStyle = edge;
    ctx.fill();
    ctx.restore();
  }
  path(plot);
  ctx.strokeStyle = palette.pens[0] ?? color.ink;
  ctx.lineWidth = 1.8;
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(lastX, lastY, 3.5, 0, 2 * Math.PI);
  ctx.fillStyle = row.state === 'D' ? color.ink : edge;
  ctx.fill();
}

function drawRaised({ ctx, data, palette, right, bottom, x }: Plot): void {
  const { color, family } = palette;
  const at = crisp(x(data.row.since_ms));
  if (at < LEFT || at > right) return;
  ctx.strokeStyle = color['ink-strong'];
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(at, TOP - 8);
  ctx.lineTo(at, bottom);
  ctx.stroke();
  ctx.font = `11px ${family}`;
  ctx.fillStyle = color.ink;
  ctx.textBaseline = 'alphabetic';
  const toLeft = at > (LEFT + right) / 2;
  ctx.textAlign = toLeft ? 'right' : 'left';
  const text = words.alarms.raisedAt(conditionName(data.row.condition), formatTime(data.row.since_ms));
  ctx.fillText(text, at + (toLeft ? -5 : 5), TOP - 8);
}

export function drawEvent(
  ctx: CanvasRenderingContext2D,
  width: number,
  height: number,
  data: EventData,
  palette: Palette,
): void {
  const [low, high] = scaleOf(data);
  const [right, bottom] = [width - RIGHT, height - BOTTOM];
  const plot: Plot = {
    ctx,
    data,
    palette,
    right,
    bottom,
    low,
    high,
    x: (timeMs) => LEFT + ((right - LEFT) * (timeMs - data.fromMs)) / (data.toMs - data.fromMs),
    y: (value) => TOP + (bottom - TOP) * (1 - (value - low) / (high - low)),
  };
  ctx.clearRect(0, 0, width, height);
  drawLimits(plot);
  drawTimes(plot);
  drawTrace(plot);
  drawRaised(plot);
}
