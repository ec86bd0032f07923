// Changes as CSV (RFC 4180), for spreadsheets and auditors: one row a change and machine.
import { toCsv } from '~/lib/csv';
import { formatIso } from '~/lib/format';
import type { ChangeDto } from '~/lib/ipc/bindings';
import { words } from '~/lib/words';
import { configStateName } from '~/lib/words/named';
import { configOf, diffOf } from './diff';
import { valueText } from './draft';
import type { Field } from './schema';

/** What a change alters, in one line: `Temperature setpoint: 46.0 -> 46.4 °C`. */
export function changeText(fields: readonly Field[], change: ChangeDto): string {
  return diffOf(fields, configOf(change.base_config), configOf(change.config))
    .map(({ field, before, after }) =>
      `${field.title}: ${valueText(field, before)} -> ${valueText(field, after)} ${field.unit}`.trim(),
    )
    .join('; ');
}

export function changesCsv(
  changes: readonly ChangeDto[],
  fieldsOf: (machine: number) => readonly Field[],
): string {
  const head = words.configs.csv;
  const header = [
    head.requested,
    head.machine,
    head.state,
    head.version,
    head.base,
    head.author,
    head.station,
    head.reason,
    head.changes,
    head.approvals,
    head.request,
  ];
  const rows = changes.flatMap((change) =>
    change.machines.map((machine) => [
      formatIso(change.requested_ms),
      machine.name,
      configStateName(machine.state),
      machine.version ?? '',
      change.base ?? '',
      change.author,
      change.station,
      change.reason,
      changeText(fieldsOf(machine.machine), change),
      change.approvals
        .map(({ decision, user, time_ms }) => `${decision} ${user} ${formatIso(time_ms)}`)
        .join('; '),
      change.request,
    ]),
  );
  return toCsv(header, rows);
}
