// One strike of a reference pan for the first page: limits by phase, the line inside them. A drawing, no data.
export interface StrikePhase {
  readonly name: string;
  /** Share of the strike at which it begins. */
  readonly from: number;
  readonly to: number;
  readonly setpoint: number;
  readonly lowLow: number;
  readonly low: number;
  readonly high: number;
  readonly highHigh: number;
}
const STARTS = [0, 0.1, 0.27, 0.36, 0.8, 1];
/** Temperatures by phase, °C: setpoint, low-low, low, high, high-high. */
const ROWS: readonly [string, number, number, number, number, number][] = [
  ['charge', 44, 41, 42.2, 48, 49],
  ['concentrate', 45, 42.2, 43.4, 47.6, 48.6],
  ['seed', 46, 44, 45, 47, 48],
  ['grain_growth', 46, 44, 45, 47, 48],
  ['tighten', 46.4, 44, 45, 47, 48],
];
export const STRIKE: readonly StrikePhase[] = ROWS.map(
  ([name, setpoint, lowLow, low, high, highHigh], at) => ({
    name,
    from: STARTS[at] ?? 0,
    to: STARTS[at + 1] ?? 1,
    setpoint,
    lowLow,
    low,
    high,
    highHigh,
  }),
);
export const LOWEST = 40.4;
export const HIGHEST = 49.6;
const POINTS = 240;
const HASTE = 110;
const LEAD = 0.028;

/** Temperature over the strike, as points `[share, °C]`: the setpoints eased into one another, with a slow wander. */
export function strikeLine(): readonly (readonly [number, number])[] {
  let seed = 8;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  let wander = 0;
  return Array.from({ length: POINTS + 1 }, (_, at): readonly [number, number] => {
    const share = at / POINTS;
    wander = wander * 0.88 + (random() + random() + random() - 1.5) * 0.12;
    let value = STRIKE[0]?.setpoint ?? 0;
    for (const [i, phase] of STRIKE.entries()) {
      const before = STRIKE[i - 1]?.setpoint;
      if (before === undefined) continue;
      value += (phase.setpoint - before) / (1 + Math.exp(-(share - phase.from + LEAD) * HASTE));
    }
    return [share, value + (share > 0.98 ? 0 : wander)];
  });
}
