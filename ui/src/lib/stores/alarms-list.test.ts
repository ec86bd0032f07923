import { expect, test } from 'vitest';
import type { AlarmRow } from '~/lib/ipc/bindings';
import { alarmKey, countsOf, heldStill, ordered, standsUnder } from './alarms-list';

const row = (
  machine: number,
  condition: string,
  state: string,
  priority: string,
  since_ms: number,
  under = false,
): AlarmRow => ({
  machine,
  machine_name: `Pan ${machine}`,
  metric: 'pressure',
  condition: `limit:${condition}`,
  state,
  priority,
  since_ms,
  changed_ms: since_ms,
  value: 1,
  limit: 1,
  unit: 'mbar',
  decimals: 1,
  under,
  acknowledged_by: null,
  note: null,
});

const WORST = row(2, 'high_high', 'B', 'critical', 50);
const UNDER = row(2, 'high', 'B', 'medium', 40, true);
const LOW = row(11, 'low', 'D', 'low', 60);
const STANDING = row(3, 'low_low', 'C', 'high', 10);
const OTHER = row(9, 'high_high', 'B', 'critical', 55);
const ROWS = [WORST, OTHER, UNDER, LOW, STANDING];
const names = (rows: readonly AlarmRow[]) => rows.map((each) => `${each.machine} ${each.condition.slice(6)}`);

test('by state: unacknowledged, priority, oldest; a lesser alarm follows its worse one', () => {
  expect(names(ordered(ROWS, 'state'))).toEqual([
    '2 high_high',
    '2 high',
    '9 high_high',
    '11 low',
    '3 low_low',
  ]);
});

test('by priority an acknowledged high alarm stands above an unacknowledged low one', () => {
  expect(names(ordered(ROWS, 'priority'))).toEqual([
    '2 high_high',
    '2 high',
    '9 high_high',
    '3 low_low',
    '11 low',
  ]);
});

test('by machine as people count, by age the newest first', () => {
  expect(ordered(ROWS, 'machine').map(({ machine }) => machine)).toEqual([2, 2, 3, 9, 11]);
  expect(ordered(ROWS, 'since').map(({ machine }) => machine)).toEqual([11, 9, 2, 2, 3]);
});

test('two that stand together stand where the first of them would', () => {
  const acknowledged = { ...WORST, state: 'C' };
  expect(names(ordered([OTHER, UNDER, acknowledged], 'state'))).toEqual([
    '9 high_high',
    '2 high_high',
    '2 high',
  ]);
});

test('an alarm is under another of its own machine, measurement and side alone', () => {
  expect(standsUnder(UNDER, WORST)).toBe(true);
  expect(standsUnder(UNDER, OTHER)).toBe(false);
  expect(standsUnder(UNDER, { ...WORST, metric: 'temperature' })).toBe(false);
  expect(standsUnder(UNDER, { ...WORST, condition: 'limit:low_low' })).toBe(false);
  expect(standsUnder(UNDER, undefined)).toBe(false);
  expect(names(ordered([UNDER], 'state'))).toEqual(['2 high']);
});

test('held still, rows keep their places; what left is normal, what is new comes last', () => {
  const before = ordered(ROWS, 'state');
  const fresh = row(1, 'high_high', 'B', 'critical', 70);
  const now = [fresh, ...ROWS.filter((each) => each !== LOW).map((each) => ({ ...each, state: 'C' }))];
  const held = heldStill(before, now, 'state');
  expect(held.map(alarmKey)).toEqual([...before, fresh].map(alarmKey));
  expect(held.map(({ state }) => state)).toEqual(['C', 'C', 'C', 'A', 'C', 'B']);
});

test('the numbers are of the worst of each measurement, and add up', () => {
  const counts = countsOf(ROWS);
  expect(counts).toMatchObject({ total: 4, active: 3, returned: 1, unacknowledged: 3, lesser: 1 });
  const sum = (of: 'total' | 'unacknowledged') => counts.byPriority.reduce((all, each) => all + each[of], 0);
  expect(sum('total')).toBe(counts.total);
  expect(sum('unacknowledged')).toBe(counts.unacknowledged);
  expect(counts.byPriority[0]).toEqual({ priority: 'critical', total: 2, unacknowledged: 2 });
});
