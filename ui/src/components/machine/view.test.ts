import { expect, test } from 'vitest';
import type { AlarmRow, Band, ClassDto, MachineDto } from '~/lib/ipc/bindings';
import { AGEING_MS, Machine } from '~/lib/stores/plant.svelte';
import { tileView } from './view';

const band: Band = {
  from_ms: 0,
  phase: 'grain_growth',
  boiling: true,
  setpoint: 65,
  low_low: 58,
  low: 60,
  high: 70,
  high_high: 72,
};
const metric = (name: string, unit: string, scale_low: number, scale_high: number) => ({
  name,
  unit,
  decimals: 1,
  scale_low,
  scale_high,
});
const CLASSES: ClassDto[] = [
  {
    id: 'reference-pan',
    title: 'reference pan',
    short_title: 'ref. pan',
    config_schema: {},
    metrics: [metric('temperature', '°C', 40, 50), metric('pressure', 'mbar', 53, 77)],
  },
];
const dto = (more: Partial<MachineDto> = {}): MachineDto => ({
  id: 14,
  name: 'Pan 14',
  address: 'pan-14',
  class_id: 'reference-pan',
  phase: 'grain_growth',
  phase_since_ms: 0,
  mode: null,
  stale_after_ms: 2500,
  latest: [
    { metric: 'temperature', time_ms: 10_000, value: 46 },
    { metric: 'pressure', time_ms: 10_000, value: 74.1 },
  ],
  bands: ['temperature', 'pressure'].map((name) => ({ metric: name, bands: [band] })),
  config: { state: 'in_sync', desired: null, reported: null, since_ms: null },
  ...more,
});
const machineAt = (nowMs: number, more: Partial<MachineDto> = {}) => new Machine(dto(more), nowMs);
const alarm = (more: Partial<AlarmRow>): AlarmRow => ({
  machine: 14,
  machine_name: 'Pan 14',
  metric: 'pressure',
  condition: 'limit:high_high',
  state: 'B',
  priority: 'critical',
  since_ms: 0,
  changed_ms: 0,
  value: null,
  limit: 72,
  unit: 'mbar',
  decimals: 1,
  under: false,
  acknowledged_by: null,
  note: null,
  ...more,
});

test('only the measurement with the alarm is abnormal, by its worst alarm', () => {
  const rows = [alarm({}), alarm({ condition: 'limit:high', priority: 'medium', under: true })];
  const view = tileView(machineAt(11_000), CLASSES, rows);
  expect(view.pressure.abnormal).toEqual({ priority: 'critical', condition: 'limit:high_high' });
  expect(view.temperature.abnormal).toBeNull();
  expect(view.mark).toEqual({ priority: 'critical', state: 'unacknowledged' });
  expect(view.alarms).toBe(1);
  expect(view.phaseIndex).toBe(3);
});

test('a returned alarm marks the tile, not the value', () => {
  const view = tileView(machineAt(11_000), CLASSES, [alarm({ state: 'D' })]);
  expect(view.pressure.abnormal).toBeNull();
  expect(view.mark?.state).toBe('returned');
});

test('silence beyond the expected intervals is stale, and does not clear an alarm', () => {
  const machine = machineAt(10_100);
  machine.age(12_500);
  expect(tileView(machine, CLASSES, []).stale).toBe(false);
  machine.age(12_501);
  const view = tileView(machine, CLASSES, [alarm({ state: 'C' })]);
  expect(view.stale).toBe(true);
  expect(view.ageMs).toBe(2501);
  expect(view.pressure.abnormal).not.toBeNull();
  expect(tileView(machineAt(0, { latest: [] }), CLASSES, [])).toMatchObject({
    stale: true,
    ageMs: null,
  });
});

test('the newest measured counts, not the one that came last', () => {
  const machine = machineAt(11_000);
  machine.add('pressure', 9000, 1);
  expect(machine.latest.get('pressure')?.value).toBe(74.1);
  machine.add('pressure', 11_000, 80);
  const view = tileView(machine, CLASSES, []);
  expect(view.pressure.sample?.value).toBe(80);
  expect(view.pressure.offScale).toBe(true);
});

test('an unknown class or phase is shown without limits', () => {
  const machine = machineAt(11_000, { class_id: null, phase: null, bands: [] });
  const view = tileView(machine, CLASSES, []);
  expect(view.phaseIndex).toBe(-1);
  expect(view.pressure.band).toBeNull();
  expect(view.classShort).toBe('');
});

test('a tile stands still until its newest sample is old enough to count the seconds', () => {
  const machine = machineAt(10_300);
  machine.age(10_000 + AGEING_MS - 1);
  expect(machine.shownMs).toBe(10_300);
  machine.age(10_000 + AGEING_MS);
  expect(tileView(machine, CLASSES, []).ageMs).toBe(AGEING_MS);
});

test('a value beyond a limit says so while the alarm’s delay runs', () => {
  const machine = machineAt(11_000);
  expect(tileView(machine, CLASSES, []).temperature.beyond).toEqual({ above: false, limit: 58 });
  expect(tileView(machine, CLASSES, []).pressure.beyond).toEqual({ above: true, limit: 72 });
  machine.add('pressure', 11_000, 71);
  expect(tileView(machine, CLASSES, []).pressure.beyond).toEqual({ above: true, limit: 70 });
  machine.add('pressure', 11_500, 66);
  expect(tileView(machine, CLASSES, []).pressure.beyond).toBeNull();
  machine.add('pressure', 12_000, 74);
  expect(tileView(machine, CLASSES, [alarm({})]).pressure.beyond).toBeNull();
});

test('an alarm on something else than a limit puts the value in doubt', () => {
  const view = tileView(machineAt(11_000), CLASSES, [alarm({ condition: 'frozen', priority: 'low' })]);
  expect(view.pressure.abnormal).toBeNull();
  expect(view.pressure.doubt).toEqual({ priority: 'low', condition: 'frozen' });
});

test('a measurement that stops is stale by itself, however fresh its machine is', () => {
  const machine = machineAt(11_000);
  machine.add('pressure', 13_000, 65);
  machine.show(13_000);
  const view = tileView(machine, CLASSES, []);
  expect(view.stale).toBe(false);
  expect(view.pressure.stale).toBe(false);
  expect(view.temperature).toMatchObject({ stale: true, beyond: null, sample: { value: 46 } });
});
