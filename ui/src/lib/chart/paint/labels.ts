/** Over the pens: limit tabs, extremes, markers along the lines, words in gaps, readouts at the right edge. */

import { nearest } from '../columns';
import { common, within } from '../gaps';
import { spread, type LaneBox } from '../lanes';
import { drawable, steps, type LimitKind } from '../limits';
import { font, nowX, type PlacedPen, type Scene } from '../view';
import { span } from '../window';
import { paintMarker } from './marker';

const TAB_PX = 15;

interface Tab {
  kind: LimitKind;
  x: number;
  y: number;
  value: number;
}
/** Which tab stays where there is no room for all. */
const IMPORTANCE: readonly LimitKind[] = ['high_high', 'low_low', 'high', 'low', 'setpoint'];

/** Tabs that do not cover each other or leave the lane, the important first. */
function tabsOf(scene: Scene, lane: LaneBox, pen: PlacedPen): Tab[] {
  const { parts } = drawable(pen.bands, scene.view.window, scene.geometry.plotWidth);
  const tabs: Tab[] = [];
  for (const kind of IMPORTANCE) {
    const step = steps(parts, kind)[0];
    if (step === undefined) continue;
    const y = scene.y(lane, step.value);
    const fits = y >= lane.top && y <= lane.top + lane.height;
    if (fits && tabs.every((tab) => Math.abs(tab.y - y) >= TAB_PX)) {
      tabs.push({ kind, x: scene.x(step.fromMs), y, value: step.value });
    }
  }
  return tabs;
}

/** A tab at the lane's axis for each limit of its leading pen, as it stands at the left edge. */
export function paintLimitTabs(scene: Scene, lane: LaneBox): void {
  const { ctx, palette, geometry, labels } = scene;
  const pen = scene.lead(lane);
  if (pen === undefined) return;
  ctx.font = font(scene, 11);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  for (const tab of tabsOf(scene, lane, pen)) {
    const { y } = tab;
    const text = labels.limit(
      tab.kind,
      labels.value(tab.value, Number.isInteger(tab.value) ? 0 : pen.decimals),
    );
    const width = 26 + ctx.measureText(text).width;
    const x = Math.min(tab.x, geometry.left + geometry.plotWidth - width);
    const h = TAB_PX / 2;
    const shape = new Path2D(
      `M${x} ${y}l6 ${-h}h${width - 9}a3 3 0 0 1 3 3v${TAB_PX - 6}a3 3 0 0 1 -3 3h${9 - width}z`,
    );
    ctx.fillStyle = palette.color['surface-1'];
    ctx.fill(shape);
    ctx.strokeStyle = tab.kind === 'setpoint' ? palette.color['ink-faint'] : pen.color;
    ctx.lineWidth = 1.2;
    ctx.stroke(shape);
    paintMarker(scene, pen, x + 12, y, 3);
    ctx.fillStyle = palette.color.ink;
    ctx.fillText(text, x + 20, y + 0.5);
  }
}

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
function haloed(scene: Scene, text: string, x: number, y: number): void {
  const { ctx, palette } = scene;
  ctx.strokeStyle = palette.color['surface-2'];
  ctx.lineWidth = 3;
  ctx.lineJoin = 'round';
  ctx.strokeText(text, x, y);
  ctx.fillStyle = palette.color['ink-strong'];
  ctx.fillText(text, x, y);
}

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
    const y = scene.y(lane, value);
    if (y < lane.top || y > lane.top + lane.height) continue;
    const text = label(labels.value(value, pen.decimals));
    const half = ctx.measureText(text).width / 2 + 4;
    // Towards the middle of the lane if there is no room outwards.
    const outwards = below ? y + 26 < lane.top + lane.height : y - 26 > lane.top;
    const sign = below === outwards ? 1 : -1;
    ctx.strokeStyle = palette.color['ink-strong'];
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(crisp(x), y);
    ctx.lineTo(crisp(x), y + 7 * sign);
    ctx.stroke();
    haloed(scene, text, Math.min(right - half, Math.max(geometry.left + half, x)), y + 15 * sign);
  }
}

/** Length of a silence, upright in its hatch, once a gap: in the first lane that has it. */
export function paintGapLabels(scene: Scene): void {
  const { ctx, palette, geometry, view, labels } = scene;
  const said = new Set<number>();
  for (const lane of geometry.lanes) {
    const pens = scene.pens.filter((pen) => pen.lane === lane);
    for (const [from, to] of common(pens.map((pen) => pen.trace.gaps(view.nowMs)))) {
      const [visible] = within([[from, to]], view.window);
      const key = Math.round((from + to) / 20_000);
      if (visible === undefined || said.has(key)) continue;
      ctx.font = font(scene, geometry.compact ? 11 : 12);
      const text = labels.gap(to - from);
      const width = ctx.measureText(text).width + 20;
      if (scene.x(visible[1]) - scene.x(visible[0]) < 24 || width > lane.height - 8) continue;
      said.add(key);
      ctx.save();
      ctx.translate((scene.x(visible[0]) + scene.x(visible[1])) / 2, lane.top + lane.height / 2);
      ctx.rotate(-Math.PI / 2);
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
  }
}

const READOUT_PX = 24;

/** Values at the right edge, each within its lane, tied to its line. */
export function paintReadouts(scene: Scene, lane: LaneBox): void {
  const { ctx, palette, crisp } = scene;
  const now = nowX(scene);
  if (now !== null) {
    ctx.strokeStyle = palette.color['ink-strong'];
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.moveTo(crisp(now), lane.top - 6);
    ctx.lineTo(crisp(now), lane.top + lane.height);
    ctx.stroke();
  }
  const shown = scene.pens
    .filter((pen) => pen.lane === lane)
    .flatMap((pen) => {
      const value = edgeValue(scene, pen);
      if (value === null) return [];
      const y = Math.min(lane.top + lane.height, Math.max(lane.top, scene.y(lane, value)));
      return [{ pen, value, y }];
    });
  const height = Math.min(READOUT_PX, lane.height / Math.max(1, shown.length));
  const middles = spread(
    shown.map((each) => each.y),
    height + (height < READOUT_PX ? 0 : 2),
    lane.top - 12,
    lane.top + lane.height + 12,
  );
  shown.forEach((each, i) => paintReadout(scene, each.pen, each.value, each.y, middles[i] ?? each.y, height));
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
