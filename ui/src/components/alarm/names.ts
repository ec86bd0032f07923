// What an alarm's row says, and which rows go together.
import { formatAge, formatDuration, formatQuantity } from '~/lib/format';
import type { AlarmRow, TransitionDto } from '~/lib/ipc/bindings';
import type { Measured } from '~/lib/stores/plant.svelte';
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

/** How long an alarm has stood; of one that has returned, how long it lasted and how long ago that was. */
export interface Standing {
  readonly lasted: string;
  readonly ago: string | null;
  /** The same as a sentence. */
  readonly sentence: string;
}

export function standing(row: Pick<AlarmRow, 'state' | 'since_ms' | 'changed_ms'>, nowMs: number): Standing {
  const say = words.alarms;
  if (row.state !== 'D') {
    const forMs = nowMs - row.since_ms;
    return { lasted: formatDuration(forMs), ago: null, sentence: say.standsFor(formatAge(forMs)) };
  }
  const lastedMs = row.changed_ms - row.since_ms;
  const agoMs = nowMs - row.changed_ms;
  return {
    lasted: formatDuration(lastedMs),
    ago: formatDuration(agoMs),
    sentence: say.lastedReturned(formatAge(lastedMs), formatAge(agoMs)),
  };
}

/** Whether a value that is not stale lies beyond the alarm's limit now. */
export function isBeyond(row: Pick<AlarmRow, 'limit' | 'condition'>, measured: Measured | null): boolean {
  if (row.limit === null || measured === null || measured.stale) return false;
  const sign = limitSign(row.condition);
  return (sign === '>' && measured.value > row.limit) || (sign === '<' && measured.value < row.limit);
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
