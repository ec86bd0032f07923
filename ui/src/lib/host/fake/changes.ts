// Changes of the invented plant: one of every state, and what they said.
export type Config = Record<string, unknown>;
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export interface Seed {
  readonly machine: number;
  readonly set: Config;
  /** The step reached, or how it ended. */
  readonly state: string;
  readonly agoMs: number;
  readonly author?: string;
  readonly reason: string;
  readonly remark?: string;
  readonly approver?: string;
  readonly needed?: number;
}
export const SEEDS: readonly Seed[] = [
  {
    machine: 5,
    set: { temperature_setpoint: 46.5, sample_interval_ms: 500 },
    state: 'requested',
    agoMs: 13 * MINUTE,
    reason:
      'B-massecuite since Monday is stiffer and boils 0.5 °C higher at the same pressure: the setpoint follows. The interlocks in the machine stay as they are.',
  },
  {
    machine: 9,
    set: { temperature_interlocks: [40, 51.5] },
    state: 'requested',
    agoMs: 2 * HOUR,
    reason: 'The high interlock tripped twice during tightening at 49.9 °C.',
    needed: 2,
    remark: 'Checked against the strike of Sunday.',
  },
  {
    machine: 16,
    set: { pressure_setpoint: 162 },
    state: 'requested',
    agoMs: 26 * MINUTE,
    author: 'Approver 1',
    reason: 'Vacuum pump 2 is back: the old setpoint is reached again.',
  },
  {
    machine: 4,
    set: { temperature_setpoint: 46.5 },
    state: 'received',
    agoMs: 6 * MINUTE,
    reason: 'Trial for Pan 05: B-massecuite boils higher.',
  },
  {
    machine: 10,
    set: { pressure_setpoint: 168 },
    state: 'approved',
    agoMs: 4 * MINUTE,
    reason: 'Cooling water is warm.',
  },
  {
    machine: 7,
    set: { temperature_setpoint: 45.8 },
    state: 'published',
    agoMs: 3 * MINUTE,
    reason: 'Sugar end runs ahead: boil slower.',
  },
  {
    machine: 18,
    set: { pressure_setpoint: 120 },
    state: 'refused',
    agoMs: 50 * MINUTE,
    reason: 'Try a lower pressure for the low-grade strike.',
    remark: 'pressure_setpoint 120.0 mbar lies at the low interlock 120.0 mbar',
  },
  {
    machine: 3,
    set: { temperature_setpoint: 48.5 },
    state: 'rejected',
    agoMs: 5 * HOUR,
    reason: 'More evaporation before the shift ends.',
    remark: 'Above the high alarm limit of grain growth. Ask for 46.8 °C.',
  },
  {
    machine: 8,
    set: { heating_enabled: false },
    state: 'withdrawn',
    agoMs: 9 * HOUR,
    reason: 'Steam valve to be repacked.',
    remark: 'Maintenance was moved to Thursday.',
  },
  {
    machine: 11,
    set: { sample_interval_ms: 250 },
    state: 'expired',
    agoMs: 76 * HOUR,
    reason: 'Finer samples to find the stirrer fault.',
  },
  {
    machine: 13,
    set: { temperature_setpoint: 45.6 },
    state: 'stale',
    agoMs: 30 * HOUR,
    reason: 'Colour rises at 46.0 °C.',
  },
  {
    machine: 12,
    set: { pressure_setpoint: 166.5 },
    state: 'overruled',
    agoMs: 28 * HOUR,
    reason: 'After the cleaning of the condenser.',
    remark: 'The topic holds 5.23 of another site.',
  },
  {
    machine: 14,
    set: { temperature_setpoint: 46.2 },
    state: 'applied',
    agoMs: 20 * HOUR,
    reason: 'After the lab’s purity of Sunday.',
  },
  {
    machine: 4,
    set: { pressure_setpoint: 66 },
    state: 'applied',
    agoMs: 7 * 24 * HOUR,
    reason: 'After the repair of the condenser valve.',
  },
  {
    machine: 5,
    set: { temperature_setpoint: 45.8 },
    state: 'applied',
    agoMs: 7 * 24 * HOUR,
    reason: 'Campaign setpoint.',
  },
];
