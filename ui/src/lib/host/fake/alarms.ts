// The invented plant's alarms: those of the drawn screens, and a long list on request (`?alarms=many`).
import type {
  AcknowledgeRequest,
  AlarmRow,
  AlarmsDto,
  HistoryDto,
  HistoryRequest,
  MarkDto,
  TransitionDto,
} from '~/lib/ipc/bindings';
import { METRICS, type FakeMachine, type FakeMetric } from './machines';
import { hash } from './random';

const PRIORITIES = ['critical', 'high', 'medium', 'low'];
const UNITS: Record<string, string> = { temperature: '°C', pressure: 'mbar', motor_power: 'kW' };
const MINUTE = 60_000;

type Seed = [
  machine: number,
  metric: string,
  condition: string,
  state: string,
  priority: string,
  agoMs: number,
];
const STANDING: Seed[] = [
  [14, 'pressure', 'limit:high_high', 'B', 'critical', 130_000],
  [14, 'temperature', 'limit:high_high', 'B', 'critical', 95_000],
  [14, 'pressure', 'limit:high', 'B', 'medium', 205_000],
  [20, 'pressure', 'limit:high', 'D', 'medium', 11 * MINUTE],
  [7, 'temperature', 'limit:low_low', 'C', 'high', 12 * MINUTE],
  [19, '', 'no_data', 'C', 'medium', 6 * MINUTE],
];
const NOTES: Record<string, [string, string]> = {
  '7/temperature/limit:low_low': ['Operator B', 'fitter called'],
  '19//no_data': ['Operator B', 'I&C informed'],
};

const key = (row: { machine: number; metric: string; condition: string }) =>
  `${row.machine}/${row.metric}/${row.condition}`;

export class FakeAlarms {
  #rows: AlarmRow[] = [];
  #history: TransitionDto[] = [];
  readonly #machines: readonly FakeMachine[];

  constructor(machines: readonly FakeMachine[], nowMs: number, many: boolean) {
    this.#machines = machines;
    const seeds = [...STANDING];
    if (many) {
      for (let i = 0; i < 60; i++) {
        const machine = 1 + (i % machines.length);
        const metric = METRICS[i % 3] ?? 'pressure';
        const low = i % 2 === 0;
        const priority = PRIORITIES[1 + (i % 3)] ?? 'low';
        seeds.push([
          machine,
          metric,
          low ? 'limit:low' : 'limit:high',
          i % 4 ? 'C' : 'B',
          priority,
          (i + 3) * 4 * MINUTE,
        ]);
      }
    }
    const seen = new Set<string>();
    for (const seed of seeds) this.#raise(seed, nowMs, seen);
    this.#invent(nowMs);
  }

  #raise([id, metric, condition, state, priority, ago]: Seed, nowMs: number, seen: Set<string>): void {
    const machine = this.#machines.find((other) => other.id === id);
    const name = key({ machine: id, metric, condition });
    if (!machine || seen.has(name)) return;
    seen.add(name);
    const [by, note] = state === 'C' ? (NOTES[name] ?? ['Operator B', '']) : [null, null];
    this.#rows.push({
      machine: id,
      machine_name: machine.name,
      metric,
      condition,
      state,
      priority,
      since_ms: nowMs - ago,
      changed_ms: nowMs - ago / 2,
      value: metric === '' ? null : machine.value(metric as FakeMetric, nowMs - ago),
      limit: this.#limit(machine, metric, condition, nowMs),
      unit: UNITS[metric] ?? '',
      decimals: 1,
      under: id === 14 && condition === 'limit:high',
      acknowledged_by: by,
      note: note === '' ? null : note,
    });
  }

  #limit(machine: FakeMachine, metric: string, condition: string, atMs: number): number | null {
    if (!condition.startsWith('limit:')) return null;
    const band = machine.bandAt(metric as FakeMetric, atMs);
    return band[condition.slice(6) as 'low_low' | 'low' | 'high' | 'high_high'];
  }

  /** Transitions of the last days, and those of the standing alarms. */
  #invent(nowMs: number): void {
    const rows: Omit<TransitionDto, 'id'>[] = [];
    const push = (row: AlarmRow, from: string, to: string, event_ms: number, by: string | null) =>
      rows.push({
        machine: row.machine,
        machine_name: row.machine_name,
        metric: row.metric,
        condition: row.condition,
        from,
        to,
        priority: row.priority,
        occurrence_ms: row.since_ms,
        event_ms,
        value: row.limit === null ? null : row.limit + (to === 'A' || to === 'D' ? -0.6 : 0.3),
        limit: row.limit,
        unit: row.unit,
        decimals: row.decimals,
        by,
        note: by === null ? null : row.note,
      });
    for (const row of this.#rows) {
      push(row, 'A', 'B', row.since_ms, null);
      if (row.state === 'D') push(row, 'B', 'D', row.changed_ms, null);
      if (row.state === 'C') push(row, 'B', 'C', row.changed_ms, row.acknowledged_by);
    }
    for (let i = 0; i < 400; i++) {
      const machine = this.#machines[Math.floor(hash(5, i) * this.#machines.length)];
      if (!machine) continue;
      const metric = METRICS[i % 3] ?? 'pressure';
      const condition = ['limit:high', 'limit:low', 'limit:high', 'limit:high_high'][i % 4] ?? 'limit:high';
      const since_ms = nowMs - 25 * MINUTE - i * 23 * MINUTE - hash(9, i) * 9 * MINUTE;
      const row: AlarmRow = {
        machine: machine.id,
        machine_name: machine.name,
        metric,
        condition,
        state: 'A',
        priority: condition === 'limit:high_high' ? 'critical' : 'medium',
        since_ms,
        changed_ms: since_ms,
        value: null,
        limit: this.#limit(machine, metric, condition, since_ms),
        unit: UNITS[metric] ?? '',
        decimals: 1,
        under: false,
        acknowledged_by: 'Operator B',
        note: i % 5 === 0 ? 'stiff massecuite' : null,
      };
      push(row, 'A', 'B', since_ms, null);
      push(row, 'B', 'C', since_ms + 70_000, 'Operator B');
      push(row, 'C', 'A', since_ms + 70_000 + hash(2, i) * 9 * MINUTE, null);
    }
    rows.sort((a, b) => a.event_ms - b.event_ms);
    this.#history = rows.map((row, index) => ({ id: index + 1, ...row })).reverse();
  }

  dto(nowMs: number, blindSinceMs: number | null): AlarmsDto {
    const rank = (row: AlarmRow) => (row.state === 'C' ? 10 : 0) + PRIORITIES.indexOf(row.priority);
    const rows = [...this.#rows].sort((a, b) => rank(a) - rank(b) || a.since_ms - b.since_ms);
    return { rows, blind_since_ms: blindSinceMs, now_ms: nowMs };
  }

  acknowledge(request: AcknowledgeRequest, by: string, nowMs: number): void {
    const named = new Set(request.alarms.map(key));
    const measurements = new Set(request.alarms.map((name) => `${name.machine}/${name.metric}`));
    const next: AlarmRow[] = [];
    for (const row of this.#rows) {
      const hit = named.has(key(row)) || (row.under && measurements.has(`${row.machine}/${row.metric}`));
      if (!hit || row.state === 'C') {
        next.push(row);
        continue;
      }
      const to = row.state === 'D' ? 'A' : 'C';
      this.#history.unshift({
        ...row,
        id: this.#history.length + 1,
        from: row.state,
        to,
        occurrence_ms: row.since_ms,
        event_ms: nowMs,
        by,
        note: request.note,
      });
      if (to === 'C')
        next.push({ ...row, state: 'C', changed_ms: nowMs, acknowledged_by: by, note: request.note });
    }
    this.#rows = next;
  }

  history(request: HistoryRequest): HistoryDto {
    const rows = this.#history.filter(
      (row) =>
        (request.machine === null || row.machine === request.machine) &&
        (request.before === null || row.id < request.before) &&
        (request.from_ms === null || row.event_ms >= request.from_ms) &&
        (request.to_ms === null || row.event_ms <= request.to_ms),
    );
    return { rows: rows.slice(0, request.limit), more: rows.length > request.limit };
  }

  marks(machines: ReadonlySet<number>, fromMs: number, toMs: number): MarkDto[] {
    return this.#history
      .filter((row) => machines.has(row.machine) && row.event_ms >= fromMs && row.event_ms <= toMs)
      .filter((row) => row.to === 'B' || row.to === 'A' || row.to === 'D')
      .map((row) => ({
        time_ms: row.event_ms,
        kind: 'alarm',
        machine: row.machine,
        machine_name: row.machine_name,
        metric: row.metric,
        what: row.condition,
        priority: row.priority,
        detail: row.to === 'B' ? 'raised' : 'returned',
      }))
      .reverse();
  }
}
