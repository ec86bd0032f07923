import { expect, test } from 'vitest';
import { endsOf } from './gaps';

const raw = { asked: [10_000, 60_000], resolution: 'raw' } as const;
const NOW = 1_000_000;

test('a gap within what was asked for is known whole, however little of it is on the screen', () => {
  expect(endsOf([20_000, 50_000], raw, NOW, false)).toEqual({ fromMs: 20_000, toMs: 50_000, goesOn: false });
  // The store knows where it began before the window.
  expect(endsOf([2_000, 50_000], raw, NOW, false)).toEqual({ fromMs: 2_000, toMs: 50_000, goesOn: false });
});

test('of a gap that reaches the edge of what was asked for that end is not known', () => {
  expect(endsOf([10_000, 50_000], raw, NOW, false)).toEqual({ fromMs: null, toMs: 50_000, goesOn: false });
  expect(endsOf([20_000, 60_000], raw, NOW, false)).toEqual({ fromMs: 20_000, toMs: null, goesOn: false });
  const minute = { ...raw, resolution: 'minute' } as const;
  expect(endsOf([40_000, 200_000], minute, NOW, false).fromMs).toBeNull();
});

test('a silence that lasts goes on until now', () => {
  expect(endsOf([20_000, NOW], raw, NOW, true)).toEqual({ fromMs: 20_000, toMs: NOW, goesOn: true });
  expect(endsOf([20_000, 60_000], raw, 60_900, true)).toEqual({ fromMs: 20_000, toMs: 60_900, goesOn: true });
});
