import { expect, test } from 'vitest';
import type { AlarmRow } from '~/lib/ipc/bindings';
import { byText, fits, fullName, isBeyond, limitText, standing, toggled, transitionText } from './names';

const row: AlarmRow = {
  machine: 14,
  machine_name: 'Pan 14',
  metric: 'pressure',
  condition: 'limit:high_high',
  state: 'B',
  priority: 'critical',
  since_ms: 0,
  changed_ms: 0,
  value: 74.1,
  limit: 72,
  unit: 'mbar',
  decimals: 1,
  under: false,
  acknowledged_by: 'Operator B',
  note: 'fitter called',
};

test('a row says its name, limit and who', () => {
  expect(fullName(row)).toBe('Pan 14, Pressure high-high');
  expect(fullName({ ...row, metric: '', condition: 'no_data' })).toBe('Pan 14, No data');
  expect(fullName({ ...row, metric: 'brix', condition: 'limit:low' })).toBe('Pan 14, Brix low');
  expect(limitText(row)).toBe('> 72.0 mbar');
  expect(limitText({ ...row, condition: 'limit:low' })).toBe('< 72.0 mbar');
  expect(limitText({ ...row, limit: null })).toBe('–');
  expect(byText('Operator B', 'fitter called')).toBe('Operator B: fitter called');
  expect(byText('Operator B', null)).toBe('Operator B');
  expect(transitionText({ from: 'A', to: 'B' })).toBe('raised');
  expect(transitionText({ from: 'X', to: 'Y' })).toBe('X → Y');
});

test('a duration goes on while the alarm stands; one that returned lasted, and that was so long ago', () => {
  expect(standing(row, 3400)).toEqual({ lasted: '0:03', ago: null, sentence: 'stands for 3 s' });
  expect(standing(row, 205_000).lasted).toBe('3:25');
  const returned = { ...row, state: 'D', changed_ms: 26_000 };
  expect(standing(returned, 205_000)).toEqual({
    lasted: '0:26',
    ago: '2:59',
    sentence: 'lasted 26 s, returned 2 min 59 s ago',
  });
});

test('a value is beyond the limit only now, and only on its side', () => {
  const at = (value: number, stale = false) => ({ value, stale, timeMs: 0, ageMs: 0 });
  expect(isBeyond(row, at(72.1))).toBe(true);
  expect(isBeyond(row, at(71.9))).toBe(false);
  expect(isBeyond(row, at(72.1, true))).toBe(false);
  expect(isBeyond({ ...row, condition: 'limit:low' }, at(71.9))).toBe(true);
  expect(isBeyond({ ...row, limit: null }, at(72.1))).toBe(false);
  expect(isBeyond(row, null)).toBe(false);
});

test('the filter looks for every word', () => {
  expect(fits(row, row.acknowledged_by, '')).toBe(true);
  expect(fits(row, row.acknowledged_by, 'pan pressure')).toBe(true);
  expect(fits(row, row.acknowledged_by, 'fitter HIGH')).toBe(true);
  expect(fits(row, row.acknowledged_by, 'pan 15')).toBe(false);
});

test('a critical alarm is selected alone', () => {
  const critical = (key: string) => key === 'c' || key === 'd';
  expect([...toggled(new Set(['a', 'b']), 'c', critical)]).toEqual(['c']);
  expect([...toggled(new Set(['c']), 'd', critical)]).toEqual(['d']);
  expect([...toggled(new Set(['c']), 'a', critical)]).toEqual(['a']);
  expect([...toggled(new Set(['a']), 'b', critical)]).toEqual(['a', 'b']);
  expect([...toggled(new Set(['a', 'b']), 'a', critical)]).toEqual(['b']);
});
