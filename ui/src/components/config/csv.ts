// Changes as CSV (RFC 4180), for spreadsheets and auditors: one row a change and machine.
import { formatIso } from '~/lib/format';
import type { ChangeDto } from '~/lib/ipc/bindings';
import { words } from '~/lib/words';
import { configStateName } from '~/lib/words/named';
import { configOf, diffOf } from './diff';
import { valueText } from './draft';
import type { Field } from './schema';

/** A cell; one that a spreadsheet would take for a formula is kept a text. */
export function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

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
  const rows = [
    [
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
    ],
    ...changes.flatMap((change) =>
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
    ),
  ];
  return rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}
