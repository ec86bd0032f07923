import { expect, test } from 'vitest';
import type { AlarmRow, Band, ClassDto, MachineDto } from '~/lib/ipc/bindings';
import { Machine } from '~/lib/stores/plant.svelte';
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
  const view = tileView(new Machine(dto()), CLASSES, rows, 11_000);
  expect(view.pressure.abnormal).toEqual({ priority: 'critical', condition: 'limit:high_high' });
  expect(view.temperature.abnormal).toBeNull();
  expect(view.mark).toEqual({ priority: 'critical', state: 'unacknowledged' });
  expect(view.alarms).toBe(1);
  expect(view.phaseIndex).toBe(3);
});

test('a returned alarm marks the tile, not the value', () => {
  const view = tileView(new Machine(dto()), CLASSES, [alarm({ state: 'D' })], 11_000);
  expect(view.pressure.abnormal).toBeNull();
  expect(view.mark?.state).toBe('returned');
});

test('silence beyond the expected intervals is stale, and does not clear an alarm', () => {
  const machine = new Machine(dto());
  expect(tileView(machine, CLASSES, [], 12_500).stale).toBe(false);
  const view = tileView(machine, CLASSES, [alarm({ state: 'C' })], 12_501);
  expect(view.stale).toBe(true);
  expect(view.ageMs).toBe(2501);
  expect(view.pressure.abnormal).not.toBeNull();
  expect(tileView(new Machine(dto({ latest: [] })), CLASSES, [], 0)).toMatchObject({
    stale: true,
    ageMs: null,
  });
});

test('the newest measured counts, not the one that came last', () => {
  const machine = new Machine(dto());
  machine.add('pressure', 9000, 1);
  expect(machine.latest.get('pressure')?.value).toBe(74.1);
  machine.add('pressure', 11_000, 80);
  const view = tileView(machine, CLASSES, [], 11_000);
  expect(view.pressure.sample?.value).toBe(80);
  expect(view.pressure.offScale).toBe(true);
});

test('an unknown class or phase is shown without limits', () => {
  const machine = new Machine(dto({ class_id: null, phase: null, bands: [] }));
  const view = tileView(machine, CLASSES, [], 11_000);
  expect(view.phaseIndex).toBe(-1);
  expect(view.pressure.band).toBeNull();
  expect(view.classShort).toBe('');
});
