import { expect, test } from 'vitest';
import type { AlarmRow, MarkDto } from '~/lib/ipc/bindings';
import { readTrendView } from '~/lib/stores/trend-view';
import { eventLabel } from './event-label';
import { search, type PickerItem } from './picker';
import { alarmOf } from './pens';
import { signed } from './signed';
import { tableText } from './table';

const item = (machineName: string, metricName: string): PickerItem => ({
  key: `${machineName}/${metricName}`,
  pen: { machine: 1, metric: metricName },
  machineName,
  metricName,
  unit: 'mbar',
  also: `${machineName.toLowerCase().replace(' ', '-')} ${metricName.toLowerCase()}`,
  shown: false,
});

test('the picker finds by beginnings of words, in any order', () => {
  const items = [item('Pan 13', 'Pressure'), item('Pan 14', 'Pressure'), item('Pan 14', 'Temperature')];
  const keys = (text: string) => search(items, text).map((one) => one.key);
  expect(keys('14 pr')).toEqual(['Pan 14/Pressure']);
  expect(keys('press 13')).toEqual(['Pan 13/Pressure']);
  expect(keys('pan-14')).toEqual([]);
  expect(keys('  ')).toHaveLength(3);
  expect(keys('ressure')).toEqual([]);
});

test('differences carry their sign, and one that rounds to nothing says so', () => {
  expect(signed(5.12, 1, 'mbar')).toBe('+5.1 mbar');
  expect(signed(-0.2, 1, 'mbar')).toBe('−0.2 mbar');
  expect(signed(-0.04, 1, '°C')).toBe('±0.0 °C');
  expect(signed(NaN, 1, '°C')).toBe('–');
});

test('a copied table keeps its shape whatever is in its cells', () => {
  expect(
    tableText([
      ['a', 'b\tc'],
      ['d', 'e\nf'],
    ]),
  ).toBe('a\tb c\nd\te f');
});

test('a remembered view is read with care', () => {
  const view = {
    pens: [{ machine: 3, metric: 'pressure', style: 2 }],
    spanMs: 7_200_000,
    selected: '3/pressure',
  };
  expect(readTrendView(view)).toEqual(view);
  for (const broken of [null, undefined, 7, 'x', [], {}, { pens: 1, spanMs: 5 }, { pens: [], spanMs: '5' }]) {
    expect(readTrendView(broken)).toBeNull();
  }
  const mended = readTrendView({
    pens: [{ machine: 1.5, metric: 'a' }, null, { machine: 1, metric: 'a', style: 99 }],
    spanMs: 1,
  });
  expect(mended).toEqual({ pens: [{ machine: 1, metric: 'a', style: 0 }], spanMs: 10_000, selected: null });
});

const row = (priority: string, state: string, metric = 'pressure'): AlarmRow =>
  ({ machine: 1, metric, condition: 'limit:high', state, priority }) as AlarmRow;

test('the worst alarm that stands marks a pen', () => {
  expect(alarmOf([row('high', 'B'), row('critical', 'C'), row('low', 'B')], 'pressure')?.priority).toBe(
    'critical',
  );
  expect(alarmOf([row('critical', 'D'), row('critical', 'B', 'temperature')], 'pressure')).toBeNull();
});

test('events say machine, measurement and what became of it', () => {
  const event = {
    time_ms: 0,
    kind: 'alarm',
    machine: 1,
    machine_name: 'Pan 14',
    metric: 'pressure',
    priority: 'high',
  };
  const raised: MarkDto = { ...event, what: 'limit:high_high', detail: 'raised' };
  expect(eventLabel(raised)).toBe('Pan 14 pressure high-high');
  expect(eventLabel({ ...raised, metric: '', what: 'no_data', detail: 'returned' })).toBe(
    'Pan 14 no data, returned',
  );
  expect(eventLabel({ ...raised, kind: 'config', what: 'applied', detail: '12.7' })).toBe(
    'Pan 14 12.7 applied',
  );
});
