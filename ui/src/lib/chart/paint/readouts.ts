/** Beside a lane, at its right edge: values of the pens and limits in force, tied to where they belong. */

import { nearest } from '../columns';
import { spread, type LaneBox } from '../lanes';
import { drawable, type LimitKind } from '../limits';
import { edgeLimits } from '../tags';
import { font, nowX, type PlacedPen, type Scene } from '../view';
import { span } from '../window';
import { paintMarker } from './marker';

const READOUT_PX = 26;
const LEAST_READOUT_PX = 16;
const TAG_PX = 15;
const LEAST_TAG_PX = 12;
/** Labels may stand so far above and below their lane. */
const OUTSIDE_PX = 12;
/** Which limit stays named where there is no room for all. */
const IMPORTANCE: readonly LimitKind[] = ['high_high', 'low_low', 'high', 'low', 'setpoint'];

interface Beside {
  /** Level it belongs to, within the lane. */
  tip: number;
  height: number;
  paint: (tip: number, middle: number, height: number) => void;
}

/** Values and limits never cover each other nor the plot; where there is no room the labels shrink, then limits go. */
export function paintReadouts(scene: Scene, lane: LaneBox): void {
  paintNow(scene, lane);
  const bottom = lane.top + lane.height;
  const level = (value: number): number => Math.min(bottom, Math.max(lane.top, scene.y(lane, value)));
  const values = scene.pens
    .filter((pen) => pen.lane === lane)
    .flatMap((pen) => {
      const value = edgeValue(scene, pen);
      return value === null ? [] : [{ pen, value }];
    });
  const lead = scene.lead(lane);
  const parts =
    lead === undefined ? [] : drawable(lead.bands, scene.view.window, scene.geometry.plotWidth).parts;
  const limits = edgeLimits(parts, scene.view.window.toMs).sort(
    (a, b) => IMPORTANCE.indexOf(a.kind) - IMPORTANCE.indexOf(b.kind),
  );
  const room = lane.height + 2 * OUTSIDE_PX;
  const needed = values.length * READOUT_PX + limits.length * TAG_PX;
  const valuePx = needed <= room ? READOUT_PX : LEAST_READOUT_PX;
  const tagPx = needed <= room ? TAG_PX : LEAST_TAG_PX;
  const tags = limits.slice(0, Math.max(0, Math.floor((room - values.length * valuePx) / tagPx)));
  const all: Beside[] = [
    ...values.map(({ pen, value }) => ({
      tip: level(value),
      height: valuePx,
      paint: (tip: number, middle: number, height: number) =>
        paintReadout(scene, pen, value, tip, middle, height - 2),
    })),
    ...tags.map(({ kind, value }) => ({
      tip: level(value),
      height: tagPx,
      paint: (tip: number, middle: number) => paintTag(scene, lane, kind, value, tip, middle),
    })),
  ];
  const middles = spread(
    all.map(({ tip, height }) => ({ middle: tip, height })),
    lane.top - OUTSIDE_PX,
    bottom + OUTSIDE_PX,
  );
  all.forEach(({ tip, height, paint }, i) => paint(tip, middles[i] ?? tip, height));
}

function paintNow(scene: Scene, lane: LaneBox): void {
  const { ctx, palette, crisp } = scene;
  const now = nowX(scene);
  if (now === null) return;
  ctx.strokeStyle = palette.color['ink-strong'];
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(crisp(now), lane.top - 6);
  ctx.lineTo(crisp(now), lane.top + lane.height);
  ctx.stroke();
}

/** A limit in words, quieter than a value: no box. */
function paintTag(
  scene: Scene,
  lane: LaneBox,
  kind: LimitKind,
  value: number,
  tip: number,
  middle: number,
): void {
  const { ctx, palette, geometry, labels } = scene;
  const pen = scene.lead(lane);
  const right = geometry.left + geometry.plotWidth;
  const x = right + 14;
  ctx.strokeStyle = palette.color['ink-faint'];
  ctx.lineWidth = 1;
  ctx.setLineDash([1, 2]);
  ctx.beginPath();
  ctx.moveTo(right + 1, tip);
  ctx.lineTo(x, middle);
  ctx.stroke();
  ctx.setLineDash([]);
  const shared = lane.pens.length > 1 && pen !== undefined;
  if (shared) paintMarker(scene, pen, x + 12, middle, 3);
  const from = x + (shared ? 22 : 4);
  ctx.font = font(scene, 11);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = palette.color.ink;
  const text = labels.limit(kind, labels.value(value, Number.isInteger(value) ? 0 : (pen?.decimals ?? 1)));
  ctx.fillText(text, from, middle + 0.5, geometry.width - 4 - from);
}

function edgeValue(scene: Scene, pen: PlacedPen): number | null {
  const { view, geometry } = scene;
  if (view.live) return pen.trace.newest?.value ?? null;
  const { timeMs, mean } = pen.trace.points;
  const reach = Math.max(pen.trace.staleAfterMs, (3 * span(view.window)) / geometry.plotWidth);
  const i = nearest(timeMs, pen.trace.gaps(view.nowMs), Math.min(view.window.toMs, view.nowMs), reach);
  return i < 0 ? null : (mean[i] ?? null);
}

function paintReadout(
  scene: Scene,
  pen: PlacedPen,
  value: number,
  tip: number,
  y: number,
  height: number,
): void {
  const { ctx, palette, geometry, labels } = scene;
  const right = geometry.left + geometry.plotWidth;
  const tipX = nowX(scene) ?? right;
  const x = right + 14;
  const width = geometry.width - x - 10;
  const alarm = scene.view.live ? pen.alarm : null;
  const stale = scene.view.live && pen.stale;
  ctx.strokeStyle = pen.color;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(tipX + 1, tip);
  ctx.lineTo(x, y);
  ctx.stroke();
  if (!stale) paintMarker(scene, pen, tipX, tip, 4.5);
  ctx.beginPath();
  ctx.roundRect(x, y - height / 2, width, height, 3);
  ctx.fillStyle = palette.color['surface-1'];
  ctx.fill();
  ctx.strokeStyle = alarm === null ? pen.color : palette.color[`alarm-${alarm}-edge`];
  ctx.lineWidth = alarm === null ? 1 : 1.8;
  ctx.setLineDash(stale ? [3, 3] : []);
  ctx.stroke();
  ctx.setLineDash([]);
  paintMarker(scene, pen, x + 12, y, 3.5);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.font = font(scene, height < 18 ? 11 : 13, 600);
  ctx.fillStyle = stale
    ? palette.color['ink-muted']
    : alarm === null
      ? palette.color['ink-strong']
      : palette.color[`alarm-${alarm}-text`];
  ctx.fillText(labels.quantity(value, pen.decimals, pen.unit), x + 22, y + 0.5, width - 26);
}
