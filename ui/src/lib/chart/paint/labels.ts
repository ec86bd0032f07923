/** Over the pens: extremes, markers along the lines, words in gaps. */

import { nearest } from '../columns';
import { common, endsOf, within } from '../gaps';
import type { LaneBox } from '../lanes';
import { font, type PlacedPen, type Scene } from '../view';
import { span } from '../window';
import { paintMarker } from './marker';

/** Markers along a line tell pens apart where colours do not; they move with the data. */
export function paintLineMarkers(scene: Scene, pen: PlacedPen, index: number): void {
  const { view, geometry } = scene;
  const { timeMs, mean } = pen.trace.points;
  const gaps = pen.trace.gaps(view.nowMs);
  const near = span(view.window) / geometry.plotWidth;
  const period = 2 ** Math.ceil(Math.log2(span(view.window) / 3));
  const shift = (index % 8) * (period / 8);
  for (
    let ms = Math.ceil((view.window.fromMs - shift) / period) * period + shift;
    ms < view.window.toMs;
    ms += period
  ) {
    const i = nearest(timeMs, gaps, ms, Math.max(3 * near, 2000));
    const x = scene.x(timeMs[i] ?? NaN);
    // The readout's own marker stands at the edge.
    const y = i < 0 || x > geometry.left + geometry.plotWidth - 24 ? NaN : scene.y(pen.lane, mean[i] ?? NaN);
    if (y >= pen.lane.top && y <= pen.lane.top + pen.lane.height) paintMarker(scene, pen, x, y, 3.5);
  }
}

/** Single samples become dots once they are this far apart. */
const DOT_FROM_PX = 7;

export function paintSamples(scene: Scene, pen: PlacedPen): void {
  const { ctx, view, geometry } = scene;
  if (pen.trace.resolution !== 'raw') return;
  const { timeMs, mean } = pen.trace.points;
  const dots: [number, number][] = [];
  for (let i = 0; i < timeMs.length; i += 1) {
    const ms = timeMs[i] ?? 0;
    if (ms < view.window.fromMs || ms > view.window.toMs) continue;
    dots.push([scene.x(ms), scene.y(pen.lane, mean[i] ?? NaN)]);
    if (dots.length * DOT_FROM_PX > geometry.plotWidth) return;
  }
  ctx.fillStyle = pen.color;
  ctx.beginPath();
  for (const [x, y] of dots) {
    if (!(y >= pen.lane.top && y <= pen.lane.top + pen.lane.height)) continue;
    ctx.moveTo(x + 2.2, y);
    ctx.arc(x, y, 2.2, 0, 2 * Math.PI);
  }
  ctx.fill();
}

/** Text with a halo of the ground, so that lines do not run through it. */
export function haloed(scene: Scene, text: string, x: number, y: number): void {
  const { ctx, palette } = scene;
  ctx.strokeStyle = palette.color['surface-2'];
  ctx.lineWidth = 3;
  ctx.lineJoin = 'round';
  ctx.strokeText(text, x, y);
  ctx.fillStyle = palette.color['ink-strong'];
  ctx.fillText(text, x, y);
}

/** Height of the chevrons at the edge of a lane. */
const OFF_SCALE_PX = 12;

/** Least and greatest value of the leading pen, where they happened. */
export function paintExtremes(scene: Scene, lane: LaneBox): void {
  const { ctx, palette, geometry, view, labels, crisp } = scene;
  const pen = scene.lead(lane);
  const stats = pen?.stats;
  if (pen === undefined || stats === null || stats === undefined) return;
  ctx.font = font(scene, 11);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  const right = geometry.left + geometry.plotWidth;
  for (const [value, ms, below, label] of [
    [stats.min, stats.minAtMs, true, labels.min],
    [stats.max, stats.maxAtMs, false, labels.max],
  ] as const) {
    if (!(ms >= view.window.fromMs && ms <= view.window.toMs)) continue;
    const x = scene.x(ms);
    // Off the scale it is named at the edge, below the chevrons.
    const exact = scene.y(lane, value);
    const y = Math.min(lane.top + lane.height, Math.max(lane.top, exact));
    if (!Number.isFinite(y)) continue;
    const text = label(labels.value(value, pen.decimals));
    const half = ctx.measureText(text).width / 2 + 4;
    // Towards the middle of the lane if there is no room outwards.
    const outwards = below ? y + 26 < lane.top + lane.height : y - 26 > lane.top;
    const sign = below === outwards ? 1 : -1;
    const inset = y === exact ? 0 : OFF_SCALE_PX * sign;
    ctx.strokeStyle = palette.color['ink-strong'];
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(crisp(x), y + inset);
    ctx.lineTo(crisp(x), y + inset + 7 * sign);
    ctx.stroke();
    const middle = besideGaps(scene, lane, Math.min(right - half, Math.max(geometry.left + half, x)), half);
    haloed(scene, text, middle, y + inset + 15 * sign);
  }
}

/** Moves a label of `2 * half` that would lie on a hatch to its nearer side. */
function besideGaps(scene: Scene, lane: LaneBox, middle: number, half: number): number {
  const { geometry, view } = scene;
  const pens = scene.pens.filter((pen) => pen.lane === lane);
  for (const [fromMs, toMs] of within(common(pens.map((pen) => pen.trace.gaps(view.nowMs))), view.window)) {
    const [from, to] = [scene.x(fromMs), scene.x(toMs)];
    if (middle + half <= from || middle - half >= to) continue;
    const left = from - half;
    const right = to + half;
    const leftFits = left - half >= geometry.left;
    const rightFits = right + half <= geometry.left + geometry.plotWidth;
    if (leftFits && (!rightFits || middle - left <= right - middle)) return left;
    if (rightFits) return right;
  }
  return middle;
}

/** Room that a gap's words leave around them. */
const GAP_AIR_PX = 20;

/** Length of a silence, in its hatch, upright where it is narrow; once a gap: in the first lane that has it. */
export function paintGapLabels(scene: Scene): void {
  const { ctx, geometry, view, labels } = scene;
  const said = new Set<number>();
  ctx.font = font(scene, geometry.compact ? 11 : 12);
  for (const lane of geometry.lanes) {
    const pens = scene.pens.filter((pen) => pen.lane === lane);
    const trace = pens[0]?.trace;
    for (const gap of common(pens.map((pen) => pen.trace.gaps(view.nowMs)))) {
      const [visible] = within([gap], view.window);
      const key = Math.round((gap[0] + gap[1]) / 20_000);
      if (visible === undefined || trace === undefined || said.has(key)) continue;
      const [left, right] = [scene.x(visible[0]), scene.x(visible[1])];
      const room = right - left - 4;
      if (room < GAP_AIR_PX) continue;
      const sizes = labels.gap(endsOf(gap, trace, view.nowMs, view.live), view.nowMs).map((text) => ({
        text,
        width: ctx.measureText(text).width + GAP_AIR_PX,
      }));
      const found = sizes.find(({ width }) => width <= Math.max(room, lane.height - 8));
      if (found === undefined) continue;
      said.add(key);
      paintGapLabel(scene, found, (left + right) / 2, lane.top + lane.height / 2, found.width > room);
    }
  }
}

function paintGapLabel(
  scene: Scene,
  { text, width }: { text: string; width: number },
  x: number,
  y: number,
  upright: boolean,
): void {
  const { ctx, palette } = scene;
  ctx.save();
  ctx.translate(x, y);
  if (upright) ctx.rotate(-Math.PI / 2);
  ctx.fillStyle = palette.color['surface-2'];
  ctx.strokeStyle = palette.color.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.roundRect(-width / 2, -11, width, 22, 3);
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = palette.color.ink;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillText(text, 0, 0.5);
  ctx.restore();
}
