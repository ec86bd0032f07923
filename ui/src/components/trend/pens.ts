// Pens as people read them: names, units, alarms, limits; and the chart's view made of them.
import type { ChartView, PenView, Priority } from '~/lib/chart/view';
import { bandAt } from '~/lib/chart/limits';
import type { AlarmRow, Band, MarkDto, MetricDto, Pen } from '~/lib/ipc/bindings';
import type { PenStats } from '~/lib/ipc/frames';
import type { App } from '~/lib/stores';
import type { TrendPen, TrendsStore } from '~/lib/stores/trends.svelte';
import { timeZone } from '~/lib/format';
import { words } from '~/lib/words';

export interface PenInfo {
  readonly machineName: string;
  /** Name on the wire, for search. */
  readonly address: string;
  readonly metricName: string;
  readonly title: string;
  readonly unit: string;
  readonly decimals: number;
  /** Usual scale, if known. */
  readonly scale: readonly [number, number] | null;
}

/** What a metric is called; one that the catalogue does not know keeps its name on the wire. */
export function metricName(metric: string): string {
  const known: Readonly<Record<string, string>> = words.process.metric;
  return known[metric] ?? metric;
}

/** The class's description of a metric; of another class, if the machine's own is not known yet. */
function metricOf(app: App, pen: Pen): MetricDto | undefined {
  const classes = app.hello.value?.classes ?? [];
  const own = classes.find((one) => one.id === app.plant.machine(pen.machine)?.dto.class_id);
  return [own, ...classes].flatMap((one) => one?.metrics ?? []).find((one) => one.name === pen.metric);
}

export function penInfo(app: App, pen: Pen): PenInfo {
  const dto = app.plant.machine(pen.machine)?.dto;
  const metric = metricOf(app, pen);
  const machineName = dto?.name ?? words.trends.unknownMachine(pen.machine);
  const name = metricName(pen.metric);
  return {
    machineName,
    address: dto?.address ?? '',
    metricName: name,
    title: words.trends.penTitle(machineName, name),
    unit: metric?.unit ?? '',
    decimals: metric?.decimals ?? 1,
    scale: metric === undefined ? null : [metric.scale_low, metric.scale_high],
  };
}

const PRIORITIES: readonly string[] = ['critical', 'high', 'medium', 'low'] satisfies Priority[];
export const isPriority = (text: string): text is Priority => PRIORITIES.includes(text);

/** The worst alarm that stands on a measurement (returned ones stand no more). */
export function alarmOf(rows: readonly AlarmRow[], metric: string): AlarmRow | null {
  let worst: AlarmRow | null = null;
  for (const row of rows) {
    if (row.metric !== metric || row.state === 'D') continue;
    if (worst === null || PRIORITIES.indexOf(row.priority) < PRIORITIES.indexOf(worst.priority)) worst = row;
  }
  return worst;
}

/** Priorities at the outer and inner limits, as the alarms of this pen wore them; else the usual ones. */
function prioritiesOf(
  pen: Pen,
  events: readonly MarkDto[],
  rows: readonly AlarmRow[],
): PenView['priorities'] {
  const find = (conditions: readonly string[], usual: Priority): Priority => {
    const row = rows.find((one) => one.metric === pen.metric && conditions.includes(one.condition));
    if (row !== undefined && isPriority(row.priority)) return row.priority;
    const mark = events.find(
      (one) => one.machine === pen.machine && one.metric === pen.metric && conditions.includes(one.what),
    );
    return mark !== undefined && isPriority(mark.priority) ? mark.priority : usual;
  };
  return {
    outer: find(['limit:high_high', 'limit:low_low'], 'critical'),
    inner: find(['limit:high', 'limit:low'], 'high'),
  };
}

/** One pen for the chart. */
export function penView(
  app: App,
  pen: TrendPen,
  bands: readonly Band[],
  events: readonly MarkDto[],
  rest: { selected: boolean; stats: PenStats | null; nowMs: number },
): PenView {
  const rows = app.alarms.ofMachine(pen.machine);
  const row = alarmOf(rows, pen.metric);
  const alarm = row?.priority ?? '';
  const newest = pen.trace.newest;
  const { title, unit, decimals, scale } = penInfo(app, pen);
  return {
    key: pen.key,
    style: pen.style,
    title,
    unit,
    decimals,
    scale,
    trace: pen.trace,
    bands,
    selected: rest.selected,
    alarm: isPriority(alarm) ? alarm : null,
    unacknowledged: row?.state === 'B',
    priorities: prioritiesOf(pen, events, rows),
    stale: newest === null || rest.nowMs - newest.ms > pen.trace.staleAfterMs,
    stats: rest.stats,
  };
}

/** The whole trend for the chart. Reads the store's `version`, so that it is made anew when points have come. */
export function chartView(app: App, store: TrendsStore): ChartView {
  void store.version;
  const nowMs = store.nowMs;
  return {
    window: store.window,
    nowMs,
    live: store.live,
    zone: timeZone(),
    eventsMs: store.events.map((event) => event.time_ms),
    pens: store.pens.map((pen) =>
      penView(app, pen, store.bandsOf(pen), store.events, {
        selected: store.selectedPen?.key === pen.key && store.pens.length > 1,
        stats: store.stats.get(pen.key) ?? null,
        nowMs,
      }),
    ),
  };
}

/** Limits in force now, outermost first and last: `58 · 60 – 70 · 72`. */
export function limitsNow(bands: readonly Band[], nowMs: number): Band | null {
  const band = bandAt(bands, nowMs);
  return band?.boiling === true ? band : null;
}
