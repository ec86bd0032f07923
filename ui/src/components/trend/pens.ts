// Pens as people read them: names, units, alarms, limits; and the chart's view made of them.
import type { ChartView, PenView } from '~/lib/chart/view';
import { bandAt } from '~/lib/chart/limits';
import type { AlarmRow, Band, MarkDto, MetricDto, Pen } from '~/lib/ipc/bindings';
import type { PenStats } from '~/lib/ipc/frames';
import type { App } from '~/lib/stores';
import type { TrendPen, TrendsStore } from '~/lib/stores/trends.svelte';
import { timeZone } from '~/lib/format';
import { isPriority, PRIORITIES } from '~/lib/priority';
import { words } from '~/lib/words';
import { metricName } from '~/lib/words/named';
import { standingsOf } from './standing';

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

const rank = (priority: string) => PRIORITIES.findIndex((known) => known === priority);

/** The worst alarm that stands on a measurement (returned ones stand no more). */
export function alarmOf(rows: readonly AlarmRow[], metric: string): AlarmRow | null {
  let worst: AlarmRow | null = null;
  for (const row of rows) {
    if (row.metric !== metric || row.state === 'D') continue;
    if (worst === null || rank(row.priority) < rank(worst.priority)) worst = row;
  }
  return worst;
}

/** One pen for the chart. */
export function penView(
  app: App,
  pen: TrendPen,
  bands: readonly Band[],
  events: readonly MarkDto[],
  rest: { selected: boolean; leads: boolean; stats: PenStats | null; nowMs: number },
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
    leads: rest.leads,
    alarm: isPriority(alarm) ? alarm : null,
    unacknowledged: row?.state === 'B',
    standings: standingsOf(pen, events, rows),
    stale: newest === null || rest.nowMs - newest.ms > pen.trace.staleAfterMs,
    stats: rest.stats,
  };
}

/**
 * The pen of each lane whose limits show: the one looked at last, else the first.
 * @param pens key and unit of each
 * @param looked keys, the last looked at first
 */
export function leadersOf(
  pens: readonly (readonly [key: string, unit: string])[],
  looked: readonly string[],
): ReadonlySet<string> {
  const rank = (key: string) => (looked.includes(key) ? looked.indexOf(key) : looked.length);
  const leaders = new Map<string, string>();
  for (const [key, unit] of pens) {
    const known = leaders.get(unit);
    if (known === undefined || rank(key) < rank(known)) leaders.set(unit, key);
  }
  return new Set(leaders.values());
}

/** The whole trend for the chart. Reads the store's `version`, so that it is made anew when points have come. */
export function chartView(app: App, store: TrendsStore): ChartView {
  void store.version;
  const nowMs = store.nowMs;
  const leading = leadersOf(
    store.pens.map((pen) => [pen.key, penInfo(app, pen).unit]),
    store.looked,
  );
  return {
    window: store.window,
    nowMs,
    live: store.live,
    zone: timeZone(),
    eventsMs: store.events.map((event) => event.time_ms),
    pens: store.pens.map((pen) =>
      penView(app, pen, store.bandsOf(pen), store.events, {
        selected: store.selectedPen?.key === pen.key && store.pens.length > 1,
        leads: leading.has(pen.key),
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
