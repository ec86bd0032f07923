/**
 * The trend chart: one uPlot with a y scale a lane, on one canvas.
 *
 * One instance and not one a lane: the lanes share one x scale exactly, one canvas is cleared and painted a picture, and
 * gaps, cursors and events run through all lanes without being kept in step. uPlot runs in its mode of separate x columns
 * (each pen has its own times, nothing is joined or padded), and keeps scales, canvas, pixel ratio, sizes and the drawing
 * of paths. A lane is a y scale stretched so that its range falls on the lane; its pens are clipped to it. Axes, limits
 * and labels are painted in uPlot's hooks, because they belong to lanes, of which uPlot knows nothing.
 */

import uPlot from 'uplot';
import {
  cutToScale,
  extent,
  lanesOf,
  laneRange,
  layout,
  limitExtent,
  type Geometry,
  type LaneBox,
  type Range,
} from './lanes';
import { drawable } from './limits';
import { paintLaneTitle, paintTimeAxis, paintValueAxis } from './paint/axes';
import {
  paintBands,
  paintEventLines,
  paintExcursions,
  paintGaps,
  paintGrid,
  paintLimitLines,
} from './paint/ground';
import { paintExtremes, paintGapLabels, paintLineMarkers, paintSamples } from './paint/labels';
import { paintOffScale } from './paint/offscale';
import { paintReadouts } from './paint/readouts';
import { paintStepNames } from './paint/steps';
import { paintStrip } from './paint/strip';
import { onThemeChange, readPalette, type Palette } from './palette';
import { penPaths, scaler } from './paths';
import { laneTicks, timeTicks } from './ticks';
import type { ChartLabels, ChartView, PenView, PlacedPen, Scene } from './view';
import { span } from './window';

/** Pictures a second at most, while values come in. */
const LEAST_BETWEEN_MS = 100;
/** Room that one time label needs, CSS pixels. */
const TIME_TICK_PX = 92;

export interface ChartOptions {
  labels: ChartLabels;
  /** Called after layout, so that what lies over the canvas can follow it. */
  onGeometry?: (geometry: Geometry) => void;
  /** Called with the milliseconds that a picture took. */
  onDrawn?: (ms: number) => void;
}

export class TrendChart {
  private plot: uPlot | null = null;
  private view: ChartView | null = null;
  private geometry: Geometry | null = null;
  private palette: Palette;
  private ranges = new Map<string, Range>();
  /** Pens, order, selection and size of the uPlot instance in use. */
  private built = '';
  private frame = 0;
  private timer = 0;
  private drawnAt = -Infinity;
  private size: [number, number] = [0, 0];
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly element: HTMLElement,
    private readonly options: ChartOptions,
  ) {
    this.palette = readPalette(element);
    const refresh = (): void => {
      this.palette = readPalette(element);
      this.built = '';
      this.schedule(true);
    };
    this.stops.push(onThemeChange(refresh));
    // The font of the page may come later than the first picture.
    void document.fonts?.ready.then(refresh);
    const observer = new ResizeObserver(([entry]) => {
      const box = entry?.contentRect;
      if (box === undefined || (box.width === this.size[0] && box.height === this.size[1])) return;
      this.size = [box.width, box.height];
      this.schedule(true);
    });
    observer.observe(element);
    const shown = (): void => {
      if (!document.hidden) this.schedule(true);
    };
    document.addEventListener('visibilitychange', shown);
    this.stops.push(
      () => observer.disconnect(),
      () => document.removeEventListener('visibilitychange', shown),
    );
  }

  /** Takes what is to be shown; the picture follows within a frame, or 100 ms after the last if `soon` is false. */
  show(view: ChartView, soon = true): void {
    this.view = view;
    this.schedule(soon);
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
    this.plot?.destroy();
    this.plot = null;
  }

  private schedule(soon: boolean): void {
    if (document.hidden || this.frame !== 0) return;
    const wait = soon ? 0 : this.drawnAt + LEAST_BETWEEN_MS - performance.now();
    if (wait > 0) {
      if (this.timer === 0) this.timer = window.setTimeout(() => this.onTimer(), wait);
      return;
    }
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private onTimer(): void {
    this.timer = 0;
    this.schedule(true);
  }

  private draw(): void {
    const view = this.view;
    const [width, height] = this.size;
    if (view === null || width < 50 || height < 50) return;
    const started = performance.now();
    this.drawnAt = started;
    const geometry = layout(width, height, lanesOf(view.pens.map((pen) => pen.unit)), view.mini);
    const moved = JSON.stringify(geometry) !== JSON.stringify(this.geometry);
    this.geometry = geometry;
    if (moved) this.options.onGeometry?.(geometry);
    const order = drawingOrder(view.pens);
    const built = JSON.stringify([geometry, order, view.pens.map((pen) => [pen.style, pen.selected])]);
    if (built !== this.built || this.plot === null) {
      this.built = built;
      this.build(geometry, order);
    }
    this.update(view, geometry, order);
    this.options.onDrawn?.(performance.now() - started);
  }

  private update(view: ChartView, geometry: Geometry, order: readonly number[]): void {
    const plot = this.plot;
    if (plot === null) return;
    for (const lane of geometry.lanes) this.ranges.set(lane.unit, this.range(view, lane));
    plot.batch(() => {
      plot.setData(columns(view, order), false);
      for (const lane of geometry.lanes)
        plot.setScale(lane.unit, stretched(geometry, lane, this.ranges.get(lane.unit) ?? [0, 1]));
      plot.setScale('x', { min: view.window.fromMs, max: view.window.toMs });
      plot.redraw(true, false);
    });
  }

  private range(view: ChartView, lane: LaneBox): Range {
    const pens = lane.pens.flatMap((index) => view.pens[index] ?? []);
    const plotWidth = this.geometry?.plotWidth ?? 1;
    const parts = pens.flatMap((pen) => {
      const all = extent(pen.trace.points, pen.bands, view.window);
      const { coarse } = drawable(pen.bands, view.window, plotWidth);
      // Limits of all pens, though one shows its own: the axis stands still when another leads.
      return [
        coarse && pen.scale !== null ? cutToScale(all, pen.scale) : all,
        limitExtent(pen.bands, view.window),
      ];
    });
    const decimals = Math.max(0, ...pens.map((pen) => pen.decimals));
    return laneRange(parts, this.ranges.get(lane.unit) ?? null, 10 * 10 ** -decimals);
  }

  private build(geometry: Geometry, order: readonly number[]): void {
    this.plot?.destroy();
    const view = this.view;
    if (view === null) return;
    const series: uPlot.Series[] = [{}];
    const scales: uPlot.Scales = {
      x: { time: false, auto: false, range: (_, min, max) => [min ?? 0, max ?? 1] },
    };
    for (const lane of geometry.lanes)
      scales[lane.unit] = { time: false, auto: false, range: (_, min, max) => [min ?? 0, max ?? 1] };
    for (const index of order) series.push(this.series(index, geometry));
    // uPlot's second mode needs one pen at least; without pens an invisible one keeps axes and events alive.
    if (order.length === 0)
      series.push({ show: false, facets: [{ scale: 'x' }, { scale: 'y' }] } as uPlot.Series);
    const options: uPlot.Options = {
      mode: 2,
      width: geometry.width,
      height: geometry.height,
      padding: [
        geometry.top,
        geometry.width - geometry.left - geometry.plotWidth,
        geometry.height - geometry.top - geometry.plotHeight,
        geometry.left,
      ],
      legend: { show: false },
      cursor: { show: false },
      axes: [{ show: false }, { show: false }],
      scales,
      series,
      hooks: { drawClear: [() => this.paint(ground)], draw: [() => this.paint(over)] },
    };
    this.plot = new uPlot(options, columns(view, order), this.element);
  }

  private series(index: number, geometry: Geometry): uPlot.Series {
    const pen = this.view?.pens[index];
    const lane = geometry.lanes.find((one) => one.pens.includes(index));
    const style = pen?.style ?? 0;
    const color = this.palette.pens[style] ?? 'currentColor';
    const made: uPlot.Series = {
      auto: false,
      facets: [
        { scale: 'x', auto: false, sorted: 1 },
        { scale: lane?.unit ?? 'y', auto: false },
      ],
      stroke: color,
      // Eight hex digits would need parsing of what the browser answers; color-mix does it for any notation.
      fill: `color-mix(in srgb, ${color} 16%, transparent)`,
      width: pen?.selected === true ? 2.2 : 1.6,
      pxAlign: 0,
      points: { show: false },
      paths: (plot) => {
        const view = this.view;
        const now = view?.pens[index];
        const range = this.ranges.get(lane?.unit ?? '');
        if (view === null || now === undefined || lane === undefined || range === undefined) return null;
        const ratio = uPlot.pxRatio;
        const box = {
          left: plot.bbox.left,
          top: lane.top * ratio,
          width: plot.bbox.width,
          height: lane.height * ratio,
        };
        const envelope = now.trace.resolution !== 'raw';
        return penPaths(
          now.trace.points,
          now.trace.gaps(view.nowMs),
          [view.window.fromMs, view.window.toMs],
          range,
          box,
          envelope,
        ) as uPlot.Series.Paths;
      },
    };
    const dash = this.palette.dashes[style] ?? [];
    if (dash.length > 0) made.dash = [...dash];
    return made;
  }

  private paint(painter: (scene: Scene) => void): void {
    const plot = this.plot ?? null;
    const { view, geometry, palette } = this;
    if (plot === null || view === null || geometry === null) return;
    const ratio = uPlot.pxRatio;
    const ctx = plot.ctx;
    const pens = view.pens.flatMap((pen, i): PlacedPen[] => {
      const lane = geometry.lanes.find((one) => one.pens.includes(i));
      return lane === undefined ? [] : [{ ...pen, lane, color: palette.pens[pen.style] ?? 'currentColor' }];
    });
    const ranges = geometry.lanes.map((lane) => this.ranges.get(lane.unit) ?? ([0, 1] as const));
    const levels = new Map(
      geometry.lanes.map((lane, i) => [
        lane,
        scaler(ranges[i]?.[0] ?? 0, ranges[i]?.[1] ?? 1, lane.top + lane.height, lane.top),
      ]),
    );
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.setLineDash([]);
    painter({
      ctx,
      ratio,
      view,
      labels: this.options.labels,
      palette,
      geometry,
      pens,
      ranges,
      x: scaler(view.window.fromMs, view.window.toMs, geometry.left, geometry.left + geometry.plotWidth),
      y: (lane, value) => levels.get(lane)?.(value) ?? NaN,
      lead: (lane) =>
        pens.find((pen) => pen.lane === lane && pen.leads) ?? pens.find((pen) => pen.lane === lane),
      crisp: (length) => (Math.round(length * ratio - 0.5) + 0.5) / ratio,
    });
    ctx.restore();
  }
}

/** The selected pen is drawn last, over the others. */
function drawingOrder(pens: readonly PenView[]): number[] {
  return pens.map((_, i) => i).sort((a, b) => Number(pens[a]?.selected) - Number(pens[b]?.selected));
}

function columns(view: ChartView, order: readonly number[]): uPlot.AlignedData {
  const facets = order.map((index) => {
    const points = view.pens[index]?.trace.points;
    return [points?.timeMs ?? [], points?.mean ?? []];
  });
  // uPlot's types know its first mode alone.
  return [null, ...(facets.length > 0 ? facets : [[[], []]])] as unknown as uPlot.AlignedData;
}

/** Ends of a y scale over the whole plot, such that `range` falls on the lane. */
export function stretched(
  geometry: Geometry,
  lane: LaneBox,
  [low, high]: Range,
): { min: number; max: number } {
  const perPixel = (high - low) / lane.height;
  return {
    max: high + (lane.top - geometry.top) * perPixel,
    min: low - (geometry.top + geometry.plotHeight - lane.top - lane.height) * perPixel,
  };
}

function ground(scene: Scene): void {
  const { geometry, view } = scene;
  const times = timeTicks(view.window, (TIME_TICK_PX * span(view.window)) / geometry.plotWidth, view.zone);
  geometry.lanes.forEach((lane, i) => {
    const [low, high] = scene.ranges[i] ?? [0, 1];
    paintBands(scene, lane);
    paintGrid(scene, lane, times);
    paintLimitLines(scene, lane);
    paintEventLines(scene, lane);
    paintGaps(
      scene,
      lane,
      scene.pens.filter((pen) => pen.lane === lane),
    );
    paintExcursions(scene, lane);
    paintValueAxis(scene, lane, laneTicks(low, high, lane.height));
    paintLaneTitle(scene, lane, view.mini !== true);
  });
  paintTimeAxis(scene, times);
  if (view.mini !== true) paintStrip(scene);
}

function over(scene: Scene): void {
  for (const [i, pen] of scene.pens.entries()) {
    paintSamples(scene, pen);
    paintLineMarkers(scene, pen, i);
    paintOffScale(scene, pen, i);
  }
  for (const lane of scene.geometry.lanes) {
    paintStepNames(scene, lane);
    paintExtremes(scene, lane);
    paintReadouts(scene, lane);
  }
  paintGapLabels(scene);
}
