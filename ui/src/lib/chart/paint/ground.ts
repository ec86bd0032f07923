/** Under the pens: bands, grid, gaps, lines of the limits, the part of a pen that is beyond them. */

import { excursions } from '../excursions';
import { common, within } from '../gaps';
import type { LaneBox } from '../lanes';
import { drawable, LIMIT_KINDS, steps } from '../limits';
import { runs } from '../paths';
import type { TimeTick } from '../ticks';
import type { PlacedPen, Scene } from '../view';

/** Grey bands beyond the limits of the lane's leading pen; they step at phase changes. */
export function paintBands(scene: Scene, lane: LaneBox): void {
  const { ctx, palette, view } = scene;
  const pen = scene.lead(lane);
  if (pen === undefined) return;
  const bottom = lane.top + lane.height;
  const clamp = (y: number): number => Math.min(bottom, Math.max(lane.top, y));
  for (const { fromMs, toMs, band } of drawable(pen.bands, view.window, scene.geometry.plotWidth).parts) {
    if (!band.boiling) continue;
    const x = scene.x(fromMs);
    const width = scene.x(toMs) - x;
    const at = (value: number): number => clamp(scene.y(lane, value));
    const fill = (token: 'chart-warn' | 'chart-trip', from: number, to: number): void => {
      ctx.fillStyle = palette.color[token];
      ctx.fillRect(x, from, width, to - from);
    };
    const highest = band.high_high === null ? lane.top : at(band.high_high);
    const lowest = band.low_low === null ? bottom : at(band.low_low);
    if (band.high !== null) fill('chart-warn', highest, at(band.high));
    if (band.low !== null) fill('chart-warn', at(band.low), lowest);
    fill('chart-trip', lane.top, highest);
    fill('chart-trip', lowest, bottom);
  }
}

export function paintGrid(scene: Scene, lane: LaneBox, times: readonly TimeTick[]): void {
  const { ctx, palette, geometry, crisp } = scene;
  ctx.strokeStyle = palette.color.line;
  ctx.lineWidth = 1 / scene.ratio;
  for (const tick of times) {
    ctx.globalAlpha = tick.major ? 0.9 : 0.45;
    ctx.beginPath();
    const x = crisp(scene.x(tick.ms));
    ctx.moveTo(x, lane.top);
    ctx.lineTo(x, lane.top + lane.height);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  ctx.beginPath();
  for (const y of [crisp(lane.top), crisp(lane.top + lane.height)]) {
    ctx.moveTo(geometry.left, y);
    ctx.lineTo(geometry.left + geometry.plotWidth, y);
  }
  ctx.stroke();
}

/** Dotted lines at the limits, a longer dash at the setpoint, joined where they step. */
export function paintLimitLines(scene: Scene, lane: LaneBox): void {
  const { ctx, palette, view, crisp } = scene;
  const pen = scene.lead(lane);
  if (pen === undefined) return;
  const { parts } = drawable(pen.bands, view.window, scene.geometry.plotWidth);
  ctx.lineWidth = 1;
  for (const kind of LIMIT_KINDS) {
    ctx.strokeStyle = kind === 'setpoint' ? palette.color['ink-faint'] : palette.color['band-edge'];
    ctx.setLineDash(kind === 'setpoint' ? [6, 4] : [1, 4]);
    ctx.beginPath();
    let end: number | null = null;
    for (const step of steps(parts, kind)) {
      const y = crisp(scene.y(lane, step.value));
      const x = crisp(scene.x(step.fromMs));
      if (end === step.fromMs) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
      ctx.lineTo(scene.x(step.toMs), y);
      end = step.toMs;
    }
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

/** Fills what of the leading pen is beyond a limit while an alarm stood on it, in the colour of that alarm. */
export function paintExcursions(scene: Scene, lane: LaneBox): void {
  const { ctx, palette, view } = scene;
  const pen = scene.lead(lane);
  if (pen === undefined) return;
  const { parts, coarse } = drawable(pen.bands, view.window, scene.geometry.plotWidth);
  if (coarse) return;
  const { timeMs, mean } = pen.trace.points;
  const gaps = pen.trace.gaps(view.nowMs);
  for (const { fromMs, toMs, limit, above, priority } of excursions(parts, pen.standings)) {
    const level = scene.y(lane, limit);
    const [left, right] = [scene.x(fromMs), scene.x(toMs)];
    ctx.save();
    ctx.beginPath();
    if (above) ctx.rect(left, lane.top, right - left, level - lane.top);
    else ctx.rect(left, level, right - left, lane.top + lane.height - level);
    ctx.clip();
    ctx.fillStyle = palette.color[`alarm-${priority}-bg`];
    ctx.globalAlpha = 0.2;
    for (const [first, end] of runs(timeMs, gaps, fromMs, toMs)) {
      ctx.beginPath();
      ctx.moveTo(scene.x(timeMs[first] ?? 0), level);
      for (let i = first; i < end; i += 1) ctx.lineTo(scene.x(timeMs[i] ?? 0), scene.y(lane, mean[i] ?? 0));
      ctx.lineTo(scene.x(timeMs[end - 1] ?? 0), level);
      ctx.fill();
    }
    ctx.restore();
  }
}

/** Dotted lines across the lanes where something happened. */
export function paintEventLines(scene: Scene, lane: LaneBox): void {
  const { ctx, palette, view, crisp } = scene;
  const shown = view.eventsMs.filter((ms) => ms >= view.window.fromMs && ms <= view.window.toMs);
  if (shown.length > MOST_EVENT_LINES) return;
  ctx.strokeStyle = palette.color['ink-faint'];
  ctx.lineWidth = 1;
  ctx.setLineDash([1, 3]);
  ctx.beginPath();
  for (const ms of shown) {
    const x = crisp(scene.x(ms));
    ctx.moveTo(x, lane.top);
    ctx.lineTo(x, lane.top + lane.height);
  }
  ctx.stroke();
  ctx.setLineDash([]);
}

const hatches = new WeakMap<CanvasRenderingContext2D, { key: string; pattern: CanvasPattern | null }>();
/** A gap narrower than this has no room for edges. */
const LEAST_GAP_PX = 4;
/** More dotted lines than this would be a curtain; the row below still has every event. */
const MOST_EVENT_LINES = 40;
/** Distance of two hatch lines along an axis, CSS pixels. */
const HATCH_PX = 8;

/** Diagonal lines; made once a theme and pixel ratio. */
export function hatch(scene: Scene): CanvasPattern | string {
  const color = scene.palette.color['gap-hatch'];
  const key = `${color} ${scene.ratio}`;
  const known = hatches.get(scene.ctx);
  if (known !== undefined && known.key === key) return known.pattern ?? color;
  const size = Math.round(HATCH_PX * scene.ratio);
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const ctx = tile.getContext('2d');
  if (ctx !== null) {
    ctx.strokeStyle = color;
    ctx.globalAlpha = 0.8;
    ctx.lineWidth = scene.ratio;
    ctx.beginPath();
    for (const shift of [-size, 0, size]) {
      ctx.moveTo(shift - 1, size + 1);
      ctx.lineTo(shift + size + 1, -1);
    }
    ctx.stroke();
  }
  const pattern = scene.ctx.createPattern(tile, 'repeat');
  // The scene is scaled by the pixel ratio, the tile is drawn in device pixels already.
  pattern?.setTransform(new DOMMatrix().scale(1 / scene.ratio));
  hatches.set(scene.ctx, { key, pattern });
  return pattern ?? color;
}

/** The leading pen's silence shows under the lines of the others as a paler hatch. */
const PALE = 0.4;

/** Hatches where no pen of the lane has data, with edges, and palely where its leading pen alone has none. */
export function paintGaps(scene: Scene, lane: LaneBox, pens: readonly PlacedPen[]): void {
  const { ctx, palette, view, crisp } = scene;
  const lead = scene.lead(lane);
  if (lead !== undefined && pens.length > 1) {
    ctx.globalAlpha = PALE;
    ctx.fillStyle = hatch(scene);
    for (const [from, to] of within(lead.trace.gaps(view.nowMs), view.window)) {
      ctx.fillRect(scene.x(from), lane.top, scene.x(to) - scene.x(from), lane.height);
    }
    ctx.globalAlpha = 1;
  }
  const silent = within(common(pens.map((pen) => pen.trace.gaps(view.nowMs))), view.window);
  for (const [from, to] of silent) {
    const x = scene.x(from);
    const width = Math.max(1, scene.x(to) - x);
    ctx.fillStyle = palette.color['surface-2'];
    ctx.fillRect(x, lane.top, width, lane.height);
    ctx.fillStyle = hatch(scene);
    ctx.fillRect(x, lane.top, width, lane.height);
    // Two edges side by side would read as an event.
    if (width < LEAST_GAP_PX) continue;
    ctx.strokeStyle = palette.color['gap-hatch'];
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (const edge of [crisp(x), crisp(x + width)]) {
      ctx.moveTo(edge, lane.top);
      ctx.lineTo(edge, lane.top + lane.height);
    }
    ctx.stroke();
  }
}
