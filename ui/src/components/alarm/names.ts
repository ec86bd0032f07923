// What an alarm's row says, and which rows go together.
import { formatQuantity } from '~/lib/format';
import type { AlarmRow, TransitionDto } from '~/lib/ipc/bindings';
import { words } from '~/lib/words';
import { alarmName, limitSign, priorityName } from '~/lib/words/named';

export const LOOKS: Readonly<Record<string, 'filled' | 'outline' | 'dashed'>> = {
  B: 'filled',
  C: 'outline',
  D: 'dashed',
};

export function limitText(row: Pick<AlarmRow, 'limit' | 'decimals' | 'unit' | 'condition'>): string {
  if (row.limit === null) return words.common.none;
  return `${limitSign(row.condition)} ${formatQuantity(row.limit, row.decimals, row.unit)}`.trim();
}

export function byText(by: string | null, note: string | null): string {
  if (by === null) return note ?? '';
  return note === null || note === '' ? by : words.alarms.byNote(by, note);
}

export const fullName = (row: Pick<AlarmRow, 'machine_name' | 'metric' | 'condition'>): string =>
  words.alarms.of(row.machine_name, alarmName(row));

export function transitionText(row: Pick<TransitionDto, 'from' | 'to'>): string {
  const table: Readonly<Record<string, string>> = words.alarms.transition;
  const key = `${row.from}>${row.to}`;
  return table[key] ?? `${row.from} → ${row.to}`;
}

/** Whether a row speaks of all these words, in any order. */
export function fits(row: AlarmRow | TransitionDto, by: string | null, wanted: string): boolean {
  const text = [row.machine_name, alarmName(row), priorityName(row.priority), by, row.note]
    .filter((part) => typeof part === 'string')
    .join(' ')
    .toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((part) => text.includes(part));
}

/**
 * The next selection when `key` is toggled. A critical alarm is acknowledged by itself: choosing one lets go of the
 * others, and choosing another lets go of it.
 */
export function toggled(
  selection: ReadonlySet<string>,
  key: string,
  isCritical: (key: string) => boolean,
): ReadonlySet<string> {
  if (selection.has(key)) return new Set([...selection].filter((each) => each !== key));
  if (isCritical(key)) return new Set([key]);
  return new Set([...selection].filter((each) => !isCritical(each)).concat(key));
}
