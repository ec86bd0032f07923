// The invented machines: classes of the contract, a strike that goes round, and the special ones of the drawn screens.
import aPan from '~contract/classes/a-pan.json';
import referencePan from '~contract/classes/reference-pan.json';
import type { Band, ClassDto, LatestDto, MachineDto, MetricBands } from '~/lib/ipc/bindings';
import { hash, wander } from './random';

export const METRICS = ['temperature', 'pressure', 'motor_power'] as const;
export type FakeMetric = (typeof METRICS)[number];
export const PHASES = [
  'charge',
  'concentrate',
  'seed',
  'grain_growth',
  'tighten',
  'drop',
  'steam_out',
] as const;
type PhaseName = (typeof PHASES)[number];
const UNITS: Record<FakeMetric, string> = { temperature: '°C', pressure: 'mbar', motor_power: 'kW' };
const MINUTE = 60_000;
const TYPICAL_MINUTES = [8, 22, 9, 150, 24, 8, 12];
/** Longer than a machine would say: timers of a busy PC run late. */
export const STALE_AFTER_MS = 5000;
const SPARK_MS = 30 * MINUTE;

interface Limits {
  low_low: number;
  low: number;
  high: number;
  high_high: number;
}
interface ClassFile {
  id: string;
  title: string;
  short_title: string;
  config_schema: unknown;
  default_config: Record<string, unknown>;
  metrics: Record<FakeMetric, { scale: number[]; decimals: number; setpoint_field?: string }>;
  phases: Record<
    PhaseName,
    { boiling: boolean; metrics?: Partial<Record<FakeMetric, { setpoint_offset?: number; limits?: Limits }>> }
  >;
}
const CLASSES = { R: referencePan as unknown as ClassFile, A: aPan as unknown as ClassFile };

export const classDtos = (): ClassDto[] =>
  Object.values(CLASSES).map((file) => ({
    id: file.id,
    title: file.title,
    short_title: file.short_title,
    config_schema: file.config_schema,
    metrics: METRICS.map((name) => ({
      name,
      unit: UNITS[name],
      decimals: file.metrics[name].decimals,
      scale_low: file.metrics[name].scale[0] ?? 0,
      scale_high: file.metrics[name].scale[1] ?? 1,
    })),
  }));

interface Special {
  phase?: number;
  minutes?: number;
  /** Added to the value, by minutes before the start (negative: before). */
  temperature?: (minutes: number) => number;
  pressure?: (minutes: number) => number;
  motor_power?: (minutes: number) => number;
  /** Falls silent so long before the start. */
  silentMs?: number;
}
const rise = (by: number, over: number, power: number) => (minutes: number) =>
  by * Math.pow(Math.min(1.02, Math.max(0, (minutes + over) / over)), power);
const SPECIALS: Record<number, Special> = {
  14: { phase: 3, minutes: 128, pressure: rise(9.1, 17.4, 1.75), temperature: rise(3.4, 17.4, 2.6) },
  7: { phase: 3, minutes: 98, temperature: rise(-2.3, 22.5, 1), pressure: rise(-3.1, 22.5, 1) },
  19: { phase: 4, minutes: 24, silentMs: 372_000 },
  20: { phase: 3, minutes: 146, pressure: (m) => 6.2 * Math.exp(-(((m + 9) / 2.5) ** 2)) },
  11: { phase: 4, minutes: 9, motor_power: () => 0.6 },
  5: { phase: 3, minutes: 41 },
  17: { phase: 6, minutes: 7 },
  10: { phase: 5, minutes: 3 },
  1: { phase: 2, minutes: 4 },
  3: { phase: 4, minutes: 11 },
  13: { phase: 3, minutes: 96 },
  4: { phase: 3, minutes: 52 },
  6: { phase: 1, minutes: 9 },
  12: { phase: 0, minutes: 6 },
  23: { phase: 2, minutes: 7 },
  16: { phase: 4, minutes: 14 },
};
const PHASE_OF_REST = [1, 3, 3, 4, 3, 2, 3, 1, 3, 3, 4, 3, 4];
const A_PANS = [1, 2, 10, 12, 15, 16, 17, 18];

export class FakeMachine {
  readonly id: number;
  readonly name: string;
  readonly file: ClassFile;
  /** Set by an applied change: overrides the class's setpoint from then on. */
  setpoints: Partial<Record<FakeMetric, { value: number; fromMs: number; before: number }>> = {};
  readonly #special: Special;
  readonly #startMs: number;
  readonly #lengths: number[];
  readonly #cycleMs: number;
  readonly #cycleStartMs: number;

  constructor(id: number, startMs: number) {
    this.id = id;
    this.name = `Pan ${String(id).padStart(2, '0')}`;
    this.file = A_PANS.includes(id) || (id > 24 && id % 3 === 0) ? CLASSES.A : CLASSES.R;
    this.#startMs = startMs;
    this.#special = SPECIALS[id] ?? {};
    const phase = this.#special.phase ?? PHASE_OF_REST[(id * 5) % PHASE_OF_REST.length] ?? 3;
    const typical = TYPICAL_MINUTES[phase] ?? 20;
    const minutes = this.#special.minutes ?? Math.floor(2 + hash(id, 7) * typical * 0.8);
    this.#lengths = TYPICAL_MINUTES.map(
      (length, i) => (i === phase ? Math.max(length, minutes + 90) : length) * MINUTE,
    );
    this.#cycleMs = this.#lengths.reduce((sum, length) => sum + length, 0);
    const before = this.#lengths.slice(0, phase).reduce((sum, length) => sum + length, 0);
    this.#cycleStartMs = startMs - minutes * MINUTE - before;
  }

  /** Phase at a moment, and since when. */
  phaseAt(timeMs: number): { index: number; sinceMs: number } {
    const cycles = Math.floor((timeMs - this.#cycleStartMs) / this.#cycleMs);
    let sinceMs = this.#cycleStartMs + cycles * this.#cycleMs;
    for (const [index, length] of this.#lengths.entries()) {
      if (timeMs < sinceMs + length) return { index, sinceMs };
      sinceMs += length;
    }
    return { index: 0, sinceMs };
  }

  #base(metric: FakeMetric, timeMs: number): number {
    const changed = this.setpoints[metric];
    if (changed && timeMs < changed.fromMs) return changed.before;
    if (changed) return changed.value;
    const field = this.file.metrics[metric].setpoint_field;
    return field === undefined ? 12 : Number(this.file.default_config[field]);
  }

  setpointAt(metric: FakeMetric, timeMs: number): number | null {
    const phase = PHASES[this.phaseAt(timeMs).index] ?? 'charge';
    const rule = this.file.phases[phase].metrics?.[metric];
    if (!this.file.phases[phase].boiling || this.file.metrics[metric].setpoint_field === undefined)
      return null;
    return this.#base(metric, timeMs) + (rule?.setpoint_offset ?? 0);
  }

  bandAt(metric: FakeMetric, timeMs: number): Band {
    const { index, sinceMs } = this.phaseAt(timeMs);
    const phase = PHASES[index] ?? 'charge';
    const limits = this.file.phases[phase].metrics?.[metric]?.limits;
    return {
      from_ms: sinceMs,
      phase,
      boiling: this.file.phases[phase].boiling,
      setpoint: this.setpointAt(metric, timeMs),
      low_low: limits?.low_low ?? null,
      low: limits?.low ?? null,
      high: limits?.high ?? null,
      high_high: limits?.high_high ?? null,
    };
  }

  bands(metric: FakeMetric, fromMs: number, toMs: number): MetricBands {
    const bands: Band[] = [];
    let at = fromMs;
    while (at < toMs && bands.length < 500) {
      const band = this.bandAt(metric, at);
      bands.push({ ...band, from_ms: Math.max(band.from_ms, fromMs) });
      const { index, sinceMs } = this.phaseAt(at);
      const changed = this.setpoints[metric]?.fromMs ?? Infinity;
      const end = sinceMs + (this.#lengths[index] ?? MINUTE);
      at = changed > at && changed < end ? changed : end;
    }
    return { metric, bands };
  }

  /** Last moment with data at `nowMs`. */
  seenMs(nowMs: number, offlineSinceMs: number | null): number {
    const silent = this.#special.silentMs === undefined ? Infinity : this.#startMs - this.#special.silentMs;
    return Math.min(nowMs, silent, offlineSinceMs ?? Infinity);
  }

  value(metric: FakeMetric, timeMs: number): number {
    const seconds = timeMs / 1000;
    const { index, sinceMs } = this.phaseAt(timeMs);
    const noise = wander(this.id * 101 + METRICS.indexOf(metric) * 7, seconds % 1e7);
    const off = index >= 5;
    const rise = (1 - Math.exp(-(timeMs - sinceMs) / (2 * MINUTE))) * (off ? 1 : 0);
    if (metric === 'motor_power') {
      const load = [11.2, 11.6, 11.8, 12, 12.6, 0, 0][index] ?? 0;
      const special = this.#special.motor_power?.((timeMs - this.#startMs) / MINUTE) ?? 0;
      return off ? 0 : Math.round((load + noise * 0.25 + special) * 100) / 100;
    }
    const band = this.bandAt(metric, off ? sinceMs - 1 : timeMs);
    const target = band.setpoint ?? this.#base(metric, timeMs);
    const before = this.setpointAt(metric, sinceMs - 1);
    // The controller takes some minutes from one phase's setpoint to the next.
    const settle =
      off || before === null ? 0 : (before - target) * Math.exp(-(timeMs - sinceMs) / (2.5 * MINUTE));
    const room = band.high !== null && band.low !== null ? band.high - band.low : 2;
    const hot =
      metric === 'temperature' ? [0, 0, 0, 0, 0, 78.6, 91.4][index] : [0, 0, 0, 0, 0, 1004, 1009][index];
    const special = this.#special[metric]?.((timeMs - this.#startMs) / MINUTE) ?? 0;
    const value = target + settle + noise * room * 0.14 + special;
    const start = index === 6 ? (metric === 'temperature' ? 78.6 : 1004) : value;
    const shown = off ? start + ((hot ?? 0) - start) * rise : value;
    const steps = metric === 'temperature' ? 100 : 10;
    return Math.round(shown * steps) / steps;
  }

  dto(nowMs: number, offlineSinceMs: number | null, config: MachineDto['config']): MachineDto {
    const seen = this.seenMs(nowMs, offlineSinceMs);
    const { index, sinceMs } = this.phaseAt(seen);
    const time_ms = Math.floor(seen / 1000) * 1000 - Math.floor(hash(this.id, 3) * 900);
    const latest: LatestDto[] = METRICS.map((metric) => ({
      metric,
      time_ms,
      value: this.value(metric, time_ms),
    }));
    return {
      id: this.id,
      name: this.name,
      address: `pan-${String(this.id).padStart(2, '0')}`,
      class_id: this.file.id,
      phase: PHASES[index] ?? null,
      phase_since_ms: sinceMs,
      mode: 'remote',
      stale_after_ms: STALE_AFTER_MS,
      latest,
      bands: METRICS.map((metric) => this.bands(metric, nowMs - SPARK_MS, nowMs)),
      config,
    };
  }
}
