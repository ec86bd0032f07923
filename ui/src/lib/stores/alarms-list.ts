// How the alarm list is ordered, and what the numbers around it count. Pure.
import type { AlarmRow } from '~/lib/ipc/bindings';
import { PRIORITIES, priorityOf, type Priority } from '~/lib/priority';

/** Names an alarm in this window: machine, metric, condition. */
export const alarmKey = (row: Pick<AlarmRow, 'machine' | 'metric' | 'condition'>): string =>
  `${row.machine}/${row.metric}/${row.condition}`;

/** States whose alarm still asks for an acknowledgement: B active, D returned. */
export const isUnacknowledged = (row: Pick<AlarmRow, 'state'>): boolean =>
  row.state === 'B' || row.state === 'D';

/** By which column the list is ordered; `state` is the standard's order: unacknowledged, priority, oldest. */
export const SORTS = ['state', 'priority', 'machine', 'since'] as const;
export type AlarmSort = (typeof SORTS)[number];
export const isSort = (name: unknown): name is AlarmSort => SORTS.some((known) => known === name);

type Compare = (a: AlarmRow, b: AlarmRow) => number;
const waiting = (row: AlarmRow) => (isUnacknowledged(row) ? 0 : 1);
const rank = (row: AlarmRow) => PRIORITIES.indexOf(priorityOf(row.priority));
const byWaiting: Compare = (a, b) => waiting(a) - waiting(b);
const byPriority: Compare = (a, b) => rank(a) - rank(b);
const byAge: Compare = (a, b) => a.since_ms - b.since_ms;
const byMachine: Compare = (a, b) =>
  a.machine_name.localeCompare(b.machine_name, undefined, { numeric: true });

const COMPARE: Readonly<Record<AlarmSort, readonly Compare[]>> = {
  state: [byWaiting, byPriority, byAge],
  priority: [byPriority, byWaiting, byAge],
  machine: [byMachine, byWaiting, byPriority, byAge],
  since: [(a, b) => byAge(b, a)],
};

/** Whether `lesser` is shown under `worse`: the same measurement, the same side, one step less severe. */
export const standsUnder = (lesser: AlarmRow, worse: AlarmRow | undefined): boolean =>
  lesser.under &&
  worse !== undefined &&
  worse.machine === lesser.machine &&
  worse.metric === lesser.metric &&
  worse.condition.startsWith(lesser.condition);

/** The rows in order; an alarm under a worse one follows it, and the two stand where the first of them would. */
export function ordered(rows: readonly AlarmRow[], sort: AlarmSort): readonly AlarmRow[] {
  const compare: Compare = (a, b) => {
    for (const by of COMPARE[sort]) {
      const difference = by(a, b);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  const parentOf = (row: AlarmRow) => rows.find((other) => other !== row && standsUnder(row, other));
  const groups = new Map<AlarmRow, AlarmRow[]>();
  const parents = rows.map(parentOf);
  rows.forEach((row, at) => parents[at] === undefined && groups.set(row, [row]));
  rows.forEach((row, at) => groups.get(parents[at] as AlarmRow)?.push(row));
  const first = (group: readonly AlarmRow[]) => group.reduce((a, b) => (compare(b, a) < 0 ? b : a));
  return [...groups.values()].sort((a, b) => compare(first(a), first(b))).flat();
}

/**
 * The list while it stands still after an acknowledgement: rows stay where they were, what has left is shown as
 * normal, what is new comes last.
 */
export function heldStill(
  before: readonly AlarmRow[],
  now: readonly AlarmRow[],
  sort: AlarmSort,
): readonly AlarmRow[] {
  const known = new Map(now.map((row) => [alarmKey(row), row]));
  const stay = before.map((row) => known.get(alarmKey(row)) ?? { ...row, state: 'A' });
  const stood = new Set(before.map(alarmKey));
  return [
    ...stay,
    ...ordered(
      now.filter((row) => !stood.has(alarmKey(row))),
      sort,
    ),
  ];
}

export interface PriorityCount {
  readonly priority: Priority;
  readonly total: number;
  readonly unacknowledged: number;
}
/** Of each measurement and side only the worst counts; those under it are told apart. */
export interface AlarmCounts {
  /** Active or returned. */
  readonly total: number;
  /** Abnormal now, acknowledged or not. */
  readonly active: number;
  /** Normal again, not acknowledged. */
  readonly returned: number;
  readonly unacknowledged: number;
  /** Listed under a worse one, and in none of the numbers above. */
  readonly lesser: number;
  readonly byPriority: readonly PriorityCount[];
}

export function countsOf(rows: readonly AlarmRow[]): AlarmCounts {
  const worst = rows.filter((row) => !row.under);
  const count = (keep: (row: AlarmRow) => boolean) => worst.filter(keep).length;
  return {
    total: worst.length,
    active: count((row) => row.state !== 'D'),
    returned: count((row) => row.state === 'D'),
    unacknowledged: count(isUnacknowledged),
    lesser: rows.length - worst.length,
    byPriority: PRIORITIES.map((priority) => {
      const of = (row: AlarmRow) => priorityOf(row.priority) === priority;
      return {
        priority,
        total: count(of),
        unacknowledged: count((row) => of(row) && isUnacknowledged(row)),
      };
    }),
  };
}
