/** Axes: numbers and ticks in the lane's margin, its unit and pens above it, times below the last lane. */

import { limitExtent, type LaneBox } from '../lanes';
import type { TimeTick, ValueTicks } from '../ticks';
import { font, nowX, type Scene } from '../view';
import { paintMarker } from './marker';

export function paintValueAxis(scene: Scene, lane: LaneBox, ticks: ValueTicks): void {
  const { ctx, palette, geometry, labels, crisp } = scene;
  const lead = scene.lead(lane);
  ctx.strokeStyle = lead?.color ?? palette.color['band-edge'];
  ctx.fillStyle = palette.color.ink;
  ctx.font = font(scene, 12);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const value of ticks.values) {
    const y = crisp(scene.y(lane, value));
    ctx.moveTo(geometry.left - 5, y);
    ctx.lineTo(geometry.left, y);
    ctx.fillText(labels.value(value, ticks.decimals), geometry.left - 9, y + 0.5);
  }
  ctx.stroke();
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(geometry.left, lane.top);
  ctx.lineTo(geometry.left, lane.top + lane.height);
  ctx.stroke();
}

/** Unit over the axis, then each pen with its marker; at the right end whose limits these are, where pens share a lane. */
export function paintLaneTitle(scene: Scene, lane: LaneBox, pens: boolean): void {
  const { ctx, palette, geometry } = scene;
  const y = lane.top - 12;
  ctx.textBaseline = 'middle';
  ctx.fillStyle = palette.color['ink-strong'];
  ctx.textAlign = 'right';
  ctx.font = font(scene, 11, 600);
  ctx.fillText(lane.unit, geometry.left - 9, y + 0.5);
  if (!pens) return;
  const right = paintLimitsOwner(scene, lane, y);
  ctx.textAlign = 'left';
  let x = geometry.left;
  const lead = scene.lead(lane);
  for (const index of lane.pens) {
    const pen = scene.pens[index];
    if (pen === undefined) continue;
    ctx.font = font(scene, 12, pen === lead ? 600 : 400);
    const width = ctx.measureText(pen.title).width;
    if (x > geometry.left && x + 15 + width > right) {
      ctx.fillStyle = palette.color['ink-muted'];
      ctx.fillText('…', x, y + 0.5);
      break;
    }
    paintMarker(scene, pen, x + 5, y, 4);
    ctx.fillStyle = palette.color['ink-strong'];
    ctx.fillText(pen.title, x + 15, y + 0.5);
    x += 15 + width + 18;
  }
}

/** Returns where the room for the pens ends. */
function paintLimitsOwner(scene: Scene, lane: LaneBox, y: number): number {
  const { ctx, palette, geometry, labels, view } = scene;
  const right = geometry.left + geometry.plotWidth;
  const lead = scene.lead(lane);
  if (lane.pens.length < 2 || lead === undefined || limitExtent(lead.bands, view.window) === null)
    return right;
  const text = labels.limitsOf(lead.title);
  ctx.font = font(scene, 11);
  ctx.textAlign = 'right';
  ctx.fillStyle = palette.color['ink-muted'];
  ctx.fillText(text, right, y + 0.5);
  const left = right - ctx.measureText(text).width - 10;
  paintMarker(scene, lead, left + 2, y, 3.5);
  return left - 12;
}

export function paintTimeAxis(scene: Scene, ticks: readonly TimeTick[]): void {
  const { ctx, palette, geometry, labels } = scene;
  const y = geometry.top + geometry.plotHeight + 14;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  const now = nowX(scene);
  ctx.font = font(scene, 12, 600);
  const half = ctx.measureText(labels.now).width / 2;
  for (const tick of ticks) {
    const x = scene.x(tick.ms);
    const text = labels.tick(tick);
    ctx.font = font(scene, tick.major ? 12 : 11);
    const width = ctx.measureText(text).width / 2;
    if (now !== null && Math.abs(x - now) < width + half + 10) continue;
    ctx.fillStyle = tick.major ? palette.color.ink : palette.color['ink-muted'];
    ctx.fillText(text, x, y);
  }
  if (now === null) return;
  ctx.font = font(scene, 12, 600);
  ctx.fillStyle = palette.color['ink-strong'];
  ctx.fillText(labels.now, now, y);
}
