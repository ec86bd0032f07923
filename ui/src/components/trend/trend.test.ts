import { expect, test } from 'vitest';
import type { AlarmRow, MarkDto } from '~/lib/ipc/bindings';
import { readTrendView } from '~/lib/stores/trend-view';
import { Trace } from '~/lib/chart/columns';
import type { ChartView, PenView } from '~/lib/chart/view';
import { setTimeZone } from '~/lib/format';
import type { Resolution } from '~/lib/ipc/frames';
import { readAt } from './cursor';
import { eventLabel } from './event-label';
import { gap } from './labels';
import { search, type PickerItem } from './picker';
import { alarmOf, leadersOf } from './pens';
import { signed } from './signed';
import { standingsOf } from './standing';
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
  expect(mended).toEqual({
    pens: [{ machine: 1, metric: 'a', style: 0 }],
    spanMs: 1_800_000,
    selected: null,
  });
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
  expect(eventLabel({ ...raised, kind: 'config', what: 'applied', detail: 'v12.7' })).toBe(
    'Pan 14 config v12.7 applied',
  );
});

const PEN = { machine: 1, metric: 'pressure' };
const mark = (
  time_ms: number,
  detail: string,
  what = 'limit:high',
  rest: Partial<MarkDto> = {},
): MarkDto => ({
  time_ms,
  kind: 'alarm',
  machine: 1,
  machine_name: 'Pan 01',
  metric: 'pressure',
  what,
  priority: 'medium',
  detail,
  ...rest,
});

test('an alarm stands from its raising to its return', () => {
  const events = [
    mark(10, 'returned'),
    mark(20, 'raised'),
    mark(25, 'raised', 'limit:high', { metric: 'temperature' }),
    mark(26, 'raised', 'no_data'),
    mark(30, 'returned'),
    mark(40, 'raised', 'limit:low_low', { priority: 'critical' }),
  ];
  expect(standingsOf(PEN, events, [])).toEqual([
    { kind: 'high', priority: 'medium', fromMs: -Infinity, toMs: 10 },
    { kind: 'high', priority: 'medium', fromMs: 20, toMs: 30 },
    { kind: 'low_low', priority: 'critical', fromMs: 40, toMs: Infinity },
  ]);
});

test('an alarm that stands now counts though its raising lies before the events', () => {
  const now = { ...row('high', 'C'), since_ms: 5 };
  expect(standingsOf(PEN, [], [now, row('low', 'D')])).toEqual([
    { kind: 'high', priority: 'high', fromMs: 5, toMs: Infinity },
  ]);
  expect(standingsOf(PEN, [mark(5, 'raised')], [now])).toHaveLength(1);
});

test('a lane shows the limits of the pen looked at last, else of its first', () => {
  const pens = [
    ['a', 'mbar'],
    ['b', 'mbar'],
    ['c', '°C'],
  ] as const;
  expect([...leadersOf(pens, [])]).toEqual(['a', 'c']);
  expect([...leadersOf(pens, ['b'])]).toEqual(['b', 'c']);
  expect([...leadersOf(pens, ['c', 'b', 'a'])]).toEqual(['b', 'c']);
});

const NOON = Date.UTC(2026, 10, 24, 12);
const MINUTE = 60_000;

test('a gap says its whole length with its ends, or the one end that is known and no length', () => {
  setTimeZone('UTC');
  const whole = { fromMs: NOON - 44 * MINUTE, toMs: NOON, goesOn: false };
  expect(gap(whole, NOON + MINUTE)[0]).toBe('No data for 44 min, 11:16 – 12:00');
  expect(gap({ ...whole, goesOn: true }, NOON)[0]).toBe('No data for 44 min, since 11:16');
  expect(gap({ ...whole, fromMs: NOON - 20_000 }, NOON)[0]).toBe('No data for 20 s, 11:59:40 – 12:00:00');
  expect(gap({ ...whole, fromMs: null }, NOON)).toEqual(['No data until 12:00', 'No data']);
  expect(gap({ ...whole, toMs: null }, NOON)[0]).toBe('No data from 11:16');
  expect(gap(whole, NOON + 400 * 86_400_000)[0]).toMatch(/Nov.*2026.* 11:16 – .*2026.* 12:00$/);
  expect(gap({ fromMs: null, toMs: NOON, goesOn: true }, NOON)).toEqual(['No data']);
});

test('a reading says what it is the mean of', () => {
  setTimeZone('UTC');
  const read = (resolution: Resolution, spanMs: number) => {
    const trace = new Trace(2_500);
    const one = (value: number) => Float64Array.of(value);
    const stats = { mean: 0, min: 0, max: 0, sigma: 0, coverage: 1, minAtMs: 0, maxAtMs: 0 };
    const timeMs = one(NOON + MINUTE / 2);
    const columns = { timeMs, mean: one(37.25), min: one(34), max: one(40), gaps: new Float64Array(), stats };
    trace.replace({ ...columns, resolution }, NOON);
    const view = { window: { fromMs: NOON, toMs: NOON + spanMs }, nowMs: NOON } as ChartView;
    return readAt({ trace, decimals: 1 } as PenView, view, NOON + MINUTE / 2, 1_000);
  };
  expect(read('raw', 1_800_000)).toMatchObject({
    value: 37.25,
    decimals: 1,
    range: null,
    made: 'at 12:00:30',
  });
  expect(read('reduced', 12_000_000)).toMatchObject({ decimals: 2, range: [34, 40], made: 'mean of 12 s' });
  expect(read('minute', 60_000_000)).toMatchObject({ range: [34, 40], made: 'mean of 12:00' });
  expect(read('minute', 604_800_000).made).toBe('mean of 10 min 4 s');
});
