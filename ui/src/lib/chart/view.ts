/** What the chart is asked to show, and what its painters get. */

import type { Band } from '~/lib/ipc/bindings';
import type { PenStats } from '~/lib/ipc/frames';
import type { Priority } from '~/lib/priority';
import type { Trace } from './columns';
import type { Standing } from './excursions';
import type { GapEnds } from './gaps';
import type { Geometry, LaneBox, Range } from './lanes';
import type { LimitKind } from './limits';
import type { Palette } from './palette';
import type { TimeTick } from './ticks';
import type { TimeWindow } from './window';

/** One pen as it is to be drawn. */
export interface PenView {
  /** Names the pen over its life. */
  key: string;
  /** Colour, dash and marker: 0 to 7. */
  style: number;
  /** `Pan 14 pressure` */
  title: string;
  unit: string;
  decimals: number;
  trace: Trace;
  /** Limits and setpoints over time, rising. */
  bands: readonly Band[];
  selected: boolean;
  /** Its limits and axis are those of its lane. */
  leads: boolean;
  /** Worst alarm that stands on this measurement. */
  alarm: Priority | null;
  /** Whether it still asks for an acknowledgement. */
  unacknowledged: boolean;
  /** When alarms stood on its limits. */
  standings: readonly Standing[];
  /** The value is older than it should be. */
  stale: boolean;
  /** Usual scale of the measurement, if known. */
  scale: Range | null;
  /** Of the visible window, once known. */
  stats: PenStats | null;
}

export interface ChartView {
  window: TimeWindow;
  /** Clock of the core; right of it is the future. */
  nowMs: number;
  live: boolean;
  pens: readonly PenView[];
  /** Moments at which a dotted line crosses the lanes. */
  eventsMs: readonly number[];
  /** Small, beside something else: without titles and strip. */
  mini?: boolean;
  /** IANA name of the plant's zone. */
  zone: string;
}

/** Words and formats of the canvas: the chart itself knows no language. */
export interface ChartLabels {
  value: (value: number, decimals: number) => string;
  quantity: (value: number, decimals: number, unit: string) => string;
  tick: (tick: TimeTick) => string;
  now: string;
  max: (value: string) => string;
  min: (value: string) => string;
  limit: (kind: LimitKind, value: string) => string;
  /** Whose limits a lane of several pens shows. */
  limitsOf: (pen: string) => string;
  /** What may be said of a gap, the fullest first. */
  gap: (ends: GapEnds, nowMs: number) => string[];
}

/** A pen placed in its lane. */
export interface PlacedPen extends PenView {
  lane: LaneBox;
  color: string;
}

/** Everything a painter needs for one picture; lengths are CSS pixels. */
export interface Scene {
  ctx: CanvasRenderingContext2D;
  /** Device pixels in a CSS pixel. */
  ratio: number;
  view: ChartView;
  labels: ChartLabels;
  palette: Palette;
  geometry: Geometry;
  /** In the view's order. */
  pens: PlacedPen[];
  /** Range of each lane. */
  ranges: Range[];
  x: (ms: number) => number;
  y: (lane: LaneBox, value: number) => number;
  /** The pen whose axis and limits a lane shows. */
  lead: (lane: LaneBox) => PlacedPen | undefined;
  /** Middle of a device pixel, so that hairlines are sharp. */
  crisp: (length: number) => number;
}

/** Where now is in the picture: its right edge while Live; null: not in it. */
export function nowX(scene: Scene): number | null {
  const { view, geometry } = scene;
  const right = geometry.left + geometry.plotWidth;
  if (view.live) return right;
  const x = scene.x(view.nowMs);
  return x >= geometry.left && x < right ? x : null;
}

export function font(scene: Scene, px: number, weight = 400): string {
  return `${weight} ${px}px ${scene.palette.family}`;
}
