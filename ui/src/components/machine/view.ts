// What a tile says, worked out from the machine, its alarms and the time. No DOM, no drawing.
import type { AlarmRow, Band, ClassDto, MetricDto } from '~/lib/ipc/bindings';
import type { Machine, Sample } from '~/lib/stores/plant.svelte';
import { priorityOf, type Priority } from '~/lib/words/named';

export type MarkState = 'unacknowledged' | 'acknowledged' | 'returned';

export interface Mark {
  readonly priority: Priority;
  readonly state: MarkState;
}

export interface Measurement {
  readonly metric: string;
  readonly unit: string;
  readonly decimals: number;
  readonly low: number;
  readonly high: number;
  readonly sample: Sample | null;
  /** Limits and setpoint in force. */
  readonly band: Band | null;
  /** Of the last 30 minutes, for the steps of the limits. */
  readonly bands: readonly Band[];
  /** The active alarm on a limit of this measurement. */
  readonly abnormal: { readonly priority: Priority; readonly condition: string } | null;
  /** An active alarm on something else than a limit: the value itself is in doubt. */
  readonly doubt: { readonly priority: Priority; readonly condition: string } | null;
  /** The limit that the value has passed while the alarm's delay still runs, or since no alarm is set on it. */
  readonly beyond: { readonly above: boolean; readonly limit: number } | null;
  readonly offScale: boolean;
  /** The measurement itself is older than its machine's interval allows, whatever else still comes. */
  readonly stale: boolean;
}

export interface TileView {
  readonly name: string;
  readonly phase: string | null;
  readonly phaseIndex: number;
  readonly phaseSinceMs: number | null;
  readonly boiling: boolean;
  readonly stale: boolean;
  /** Age of the newest sample; null: none ever. */
  readonly ageMs: number | null;
  /** The worst alarm of the machine. */
  readonly mark: Mark | null;
  /** Alarms, the worst of each measurement. */
  readonly alarms: number;
  readonly config: string;
  readonly temperature: Measurement;
  readonly pressure: Measurement;
  readonly motor: Measurement;
  readonly classTitle: string;
  readonly classShort: string;
}

export const PHASES = [
  'charge',
  'concentrate',
  'seed',
  'grain_growth',
  'tighten',
  'drop',
  'steam_out',
] as const;

/** Scale of a metric whose class is not known. */
const UNKNOWN_METRIC: Omit<MetricDto, 'name'> = { unit: '', decimals: 1, scale_low: 0, scale_high: 1 };

const STATES: Readonly<Record<string, MarkState>> = { B: 'unacknowledged', C: 'acknowledged', D: 'returned' };

/** The outermost limit that the value lies beyond. */
function beyond(value: number, band: Band | null): Measurement['beyond'] {
  const passed = (limit: number | null | undefined, above: boolean) =>
    limit !== null && limit !== undefined && (above ? value > limit : value < limit)
      ? { above, limit }
      : null;
  return (
    passed(band?.high_high, true) ??
    passed(band?.high, true) ??
    passed(band?.low_low, false) ??
    passed(band?.low, false)
  );
}

function measure(
  machine: Machine,
  known: ClassDto | undefined,
  rows: readonly AlarmRow[],
  metric: string,
): Measurement {
  const scale = known?.metrics.find((each) => each.name === metric) ?? { name: metric, ...UNKNOWN_METRIC };
  const bands = machine.dto.bands.find((each) => each.metric === metric)?.bands ?? [];
  const sample = machine.latest.get(metric) ?? null;
  const active = rows.filter((each) => each.metric === metric && !each.under && each.state !== 'D');
  const of = (onLimit: boolean) => {
    const row = active.find((each) => each.condition.startsWith('limit:') === onLimit);
    return row ? { priority: priorityOf(row.priority), condition: row.condition } : null;
  };
  const band = bands[bands.length - 1] ?? null;
  const abnormal = of(true);
  const stale = sample === null || machine.shownMs - sample.timeMs > machine.dto.stale_after_ms;
  return {
    metric,
    unit: scale.unit,
    decimals: scale.decimals,
    low: scale.scale_low,
    high: scale.scale_high,
    sample,
    band,
    bands,
    abnormal,
    doubt: of(false),
    beyond: sample !== null && abnormal === null && !stale ? beyond(sample.value, band) : null,
    offScale: sample !== null && (sample.value > scale.scale_high || sample.value < scale.scale_low),
    stale,
  };
}

/** What the tile says as of the moment that the machine is shown for. */
export function tileView(
  machine: Machine,
  classes: readonly ClassDto[],
  rows: readonly AlarmRow[],
): TileView {
  const { dto, shownMs: nowMs } = machine;
  const known = classes.find((each) => each.id === dto.class_id);
  const newest = machine.newestMs;
  const worst = rows[0];
  const temperature = measure(machine, known, rows, 'temperature');
  return {
    name: dto.name,
    phase: dto.phase,
    phaseIndex: PHASES.findIndex((phase) => phase === dto.phase),
    phaseSinceMs: dto.phase_since_ms,
    boiling: temperature.band?.boiling ?? false,
    stale: newest === null || nowMs - newest > dto.stale_after_ms,
    ageMs: newest === null ? null : Math.max(0, nowMs - newest),
    mark: worst
      ? { priority: priorityOf(worst.priority), state: STATES[worst.state] ?? 'unacknowledged' }
      : null,
    alarms: rows.filter((row) => !row.under).length,
    config: dto.config.state,
    temperature,
    pressure: measure(machine, known, rows, 'pressure'),
    motor: measure(machine, known, rows, 'motor_power'),
    classTitle: known?.title ?? dto.class_id ?? '',
    classShort: known?.short_title ?? dto.class_id ?? '',
  };
}
