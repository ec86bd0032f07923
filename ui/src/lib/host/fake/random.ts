// Noise that is a function of its arguments alone, so that every run and every zoom shows the same plant.

/** 0 to 1, from two whole numbers. */
export function hash(seed: number, at: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(at | 0, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}

/** Smooth, −1 to 1, with a feature about every `scale` units. */
function smooth(seed: number, x: number, scale: number): number {
  const at = Math.floor(x / scale);
  const t = x / scale - at;
  const ease = t * t * (3 - 2 * t);
  return (hash(seed, at) * (1 - ease) + hash(seed, at + 1) * ease) * 2 - 1;
}

/** Wander of a controlled process: slow waves and a little haste. `seconds` since some epoch. */
export const wander = (seed: number, seconds: number): number =>
  0.5 * smooth(seed, seconds, 420) +
  0.32 * smooth(seed + 1, seconds, 95) +
  0.18 * smooth(seed + 2, seconds, 17);
