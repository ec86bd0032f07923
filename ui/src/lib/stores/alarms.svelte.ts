// Alarms as the core lists them, and acknowledging them.
import type { Host } from '~/lib/host';
import type { AlarmName, AlarmRow } from '~/lib/ipc/bindings';
import { countsOf, heldStill, isSort, isUnacknowledged, ordered, type AlarmSort } from './alarms-list';
import { Snapshot } from './snapshot.svelte';
import type { UiSettings } from './ui-settings.svelte';

export { alarmKey, isUnacknowledged } from './alarms-list';

/** So long after an acknowledgement no other is taken, and no row changes its place: a double press is one press. */
export const REST_MS = 1000;
const SORT_SETTING = 'alarms.sort';
const NO_ROWS: readonly AlarmRow[] = [];

export class AlarmsStore {
  readonly snapshot: Snapshot<'alarms'>;
  readonly #host: Host;
  readonly #settings: UiSettings;
  /** The list as it stood when an acknowledgement was given; null: none is under way or just done. */
  #held = $state.raw<readonly AlarmRow[] | null>(null);
  #standard = $derived.by(() => ordered(this.rows, 'state'));
  #list = $derived.by(() =>
    this.#held === null
      ? this.sort === 'state'
        ? this.#standard
        : ordered(this.rows, this.sort)
      : heldStill(this.#held, this.rows, this.sort),
  );
  #counts = $derived.by(() => countsOf(this.rows));
  #byMachine = $derived.by(() => {
    const rows = new Map<number, AlarmRow[]>();
    for (const row of this.rows) {
      const list = rows.get(row.machine);
      if (list) list.push(row);
      else rows.set(row.machine, [row]);
    }
    return rows;
  });

  constructor(host: Host, settings: UiSettings) {
    this.#host = host;
    this.#settings = settings;
    this.snapshot = new Snapshot(host, 'alarms');
  }

  /** As the core lists them: unacknowledged first, by priority, then oldest. */
  get rows(): readonly AlarmRow[] {
    return this.snapshot.value?.rows ?? NO_ROWS;
  }

  /** As the list shows them. */
  get list(): readonly AlarmRow[] {
    return this.#list;
  }

  /** Whether an acknowledgement is under way or just done: the next press does nothing. */
  get resting(): boolean {
    return this.#held !== null;
  }

  /** The numbers that every place shows. */
  get counts() {
    return this.#counts;
  }

  get sort(): AlarmSort {
    const kept = this.#settings.values[SORT_SETTING];
    return isSort(kept) ? kept : 'state';
  }

  /** Orders the list and remembers it. Rejects with an `ApiError`. */
  sortBy(sort: AlarmSort): Promise<void> {
    return this.#settings.set(SORT_SETTING, sort);
  }

  /** Of one machine, worst first; lesser alarms of the same measurement included. */
  ofMachine(machine: number): readonly AlarmRow[] {
    return this.#byMachine.get(machine) ?? NO_ROWS;
  }

  /** The first unacknowledged alarm in the standard's order: what the banner shows. */
  get banner(): AlarmRow | null {
    return this.#standard.find(isUnacknowledged) ?? null;
  }

  get blindSinceMs(): number | null {
    return this.snapshot.value?.blind_since_ms ?? null;
  }

  /**
   * Acknowledges these rows as shown, with those that stand under them. False, and nothing done, while another
   * acknowledgement is under way or was given less than `REST_MS` ago. Rejects with an `ApiError`.
   */
  async acknowledge(rows: readonly AlarmRow[], note: string | null = null): Promise<boolean> {
    const alarms: AlarmName[] = rows.map((row) => ({
      machine: row.machine,
      metric: row.metric,
      condition: row.condition,
      up_to_ms: row.since_ms,
    }));
    if (alarms.length === 0 || this.#held !== null) return false;
    this.#held = this.#list;
    try {
      await this.#host.call('alarm_acknowledge', { alarms, note: note === '' ? null : note });
      await this.snapshot.refetch();
    } catch (problem) {
      this.#held = null;
      throw problem;
    }
    setTimeout(() => (this.#held = null), REST_MS);
    return true;
  }
}
