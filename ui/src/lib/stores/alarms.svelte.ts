// Alarms as the core lists them, and acknowledging them.
import type { Host } from '~/lib/host';
import type { AlarmName, AlarmRow } from '~/lib/ipc/bindings';
import { Snapshot } from './snapshot.svelte';

/** Names an alarm in this window: machine, metric, condition. */
export const alarmKey = (row: Pick<AlarmRow, 'machine' | 'metric' | 'condition'>): string =>
  `${row.machine}/${row.metric}/${row.condition}`;

/** States whose alarm still asks for an acknowledgement: B active, D returned. */
export const isUnacknowledged = (row: Pick<AlarmRow, 'state'>): boolean =>
  row.state === 'B' || row.state === 'D';

const NO_ROWS: readonly AlarmRow[] = [];

export class AlarmsStore {
  readonly snapshot: Snapshot<'alarms'>;
  readonly #host: Host;
  #byMachine = $derived.by(() => {
    const rows = new Map<number, AlarmRow[]>();
    for (const row of this.rows) {
      const list = rows.get(row.machine);
      if (list) list.push(row);
      else rows.set(row.machine, [row]);
    }
    return rows;
  });

  constructor(host: Host) {
    this.#host = host;
    this.snapshot = new Snapshot(host, 'alarms');
  }

  get rows(): readonly AlarmRow[] {
    return this.snapshot.value?.rows ?? NO_ROWS;
  }

  /** Of one machine, worst first; lesser alarms of the same measurement included. */
  ofMachine(machine: number): readonly AlarmRow[] {
    return this.#byMachine.get(machine) ?? NO_ROWS;
  }

  /** The list's first row, if it is unacknowledged: what the banner shows. */
  get banner(): AlarmRow | null {
    const first = this.rows[0];
    return first && isUnacknowledged(first) ? first : null;
  }

  get unacknowledged(): number {
    return this.rows.filter((row) => isUnacknowledged(row) && !row.under).length;
  }

  get blindSinceMs(): number | null {
    return this.snapshot.value?.blind_since_ms ?? null;
  }

  /** Acknowledges these rows as shown, with those that stand under them. Rejects with an `ApiError`. */
  async acknowledge(rows: readonly AlarmRow[], note: string | null = null): Promise<void> {
    const alarms: AlarmName[] = rows.map((row) => ({
      machine: row.machine,
      metric: row.metric,
      condition: row.condition,
      up_to_ms: row.since_ms,
    }));
    if (alarms.length === 0) return;
    await this.#host.call('alarm_acknowledge', { alarms, note: note === '' ? null : note });
    await this.snapshot.refetch();
  }
}
