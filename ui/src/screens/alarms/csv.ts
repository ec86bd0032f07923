// What the alarm lists hand over as CSV.
import { toCsv } from '~/lib/csv';
import { formatIsoLocal } from '~/lib/format';
import type { AlarmRow, TransitionDto } from '~/lib/ipc/bindings';
import type { Measured } from '~/lib/stores/plant.svelte';
import { words } from '~/lib/words';
import { alarmName } from '~/lib/words/named';

/** The active list as it stands now, with the newest measured values. */
export const activeCsv = (rows: readonly AlarmRow[], measured: (row: AlarmRow) => Measured | null): string =>
  toCsv(
    words.alarms.csv.active,
    rows.map((row) => {
      const newest = measured(row);
      return [
        row.state,
        row.priority,
        row.machine_name,
        alarmName(row),
        newest?.value ?? null,
        newest === null ? null : formatIsoLocal(newest.timeMs),
        row.value,
        row.limit,
        row.unit,
        formatIsoLocal(row.since_ms),
        row.state === 'D' ? formatIsoLocal(row.changed_ms) : null,
        row.acknowledged_by,
        row.note,
      ];
    }),
  );

export const historyCsv = (rows: readonly TransitionDto[]): string =>
  toCsv(
    words.alarms.csv.history,
    rows.map((row) => [
      formatIsoLocal(row.event_ms),
      row.from,
      row.to,
      row.priority,
      row.machine_name,
      alarmName(row),
      row.value,
      row.limit,
      row.unit,
      row.by,
      row.note,
    ]),
  );
