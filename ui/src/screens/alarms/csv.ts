// What the alarm lists hand over as CSV.
import { toCsv } from '~/lib/csv';
import { formatIso } from '~/lib/format';
import type { AlarmRow, TransitionDto } from '~/lib/ipc/bindings';
import { words } from '~/lib/words';
import { alarmName } from '~/lib/words/named';

export const activeCsv = (rows: readonly AlarmRow[]): string =>
  toCsv(
    words.alarms.csv.active,
    rows.map((row) => [
      row.state,
      row.priority,
      row.machine_name,
      alarmName(row),
      row.value,
      row.limit,
      row.unit,
      formatIso(row.since_ms),
      row.acknowledged_by,
      row.note,
    ]),
  );

export const historyCsv = (rows: readonly TransitionDto[]): string =>
  toCsv(
    words.alarms.csv.history,
    rows.map((row) => [
      formatIso(row.event_ms),
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
