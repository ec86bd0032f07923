import { expect, test } from 'vitest';
import { covers, following, liveEdge, MAX_SPAN_MS, MIN_SPAN_MS, pan, span, withSides, zoom } from './window';

const NOW = 1_000_000;
/** Nothing is known of the store. */
const OPEN = { firstMs: null, nowMs: NOW };
const STORED = { firstMs: 400_000, nowMs: NOW };

test('the live edge moves by whole pixels and never lags behind now', () => {
  expect(liveEdge(1_000, 60_000, 600)).toBe(1_000);
  expect(liveEdge(1_001, 60_000, 600)).toBe(1_100);
  expect(liveEdge(1_099, 60_000, 600)).toBe(1_100);
});

test('a pan keeps the span and stops at now', () => {
  const window = following(NOW, 60_000);
  expect(pan(window, -5_000, OPEN)).toEqual({ fromMs: 935_000, toMs: 995_000 });
  expect(pan(window, 5_000, OPEN)).toEqual(window);
  expect(pan(pan(window, -5_000, OPEN), 30_000, OPEN)).toEqual(window);
});

test('a zoom keeps the moment under the pointer', () => {
  const window = { fromMs: 100_000, toMs: 200_000 };
  const nearer = zoom(window, 125_000, 0.5, OPEN);
  expect(nearer).toEqual({ fromMs: 112_500, toMs: 162_500 });
  expect(zoom(nearer, 125_000, 2, OPEN)).toEqual(window);
});

test('a zoom out ends at now, and spans have ends', () => {
  const window = following(NOW, 60_000);
  const farther = zoom(window, NOW - 30_000, 4, OPEN);
  expect(farther.toMs).toBe(NOW);
  expect(span(farther)).toBe(240_000);
  expect(span(zoom(window, NOW, 1e-9, OPEN))).toBe(MIN_SPAN_MS);
  expect(span(zoom(window, NOW, 1e12, OPEN))).toBe(MAX_SPAN_MS);
});

test('the view stays within what is stored, and a little beyond', () => {
  const all = zoom(following(NOW, 60_000), NOW - 30_000, 1e6, STORED);
  expect(all).toEqual({ fromMs: 370_000, toMs: NOW });
  expect(zoom(all, 500_000, 2, STORED)).toEqual(all);
  expect(pan(following(NOW, 100_000), -1e9, STORED)).toEqual({ fromMs: 395_000, toMs: 495_000 });
  // Chosen wider than the store: it may be left, and be seen nearer, but not be made wider.
  const year = following(NOW, 2_000_000);
  expect(zoom(year, NOW, 2, STORED)).toEqual(year);
  expect(pan(year, -5_000, STORED)).toEqual(year);
  expect(zoom(year, 900_000, 0.5, STORED)).toEqual({ fromMs: -50_000, toMs: 950_000 });
});

test('sides are one screen each, without the future', () => {
  expect(withSides({ fromMs: 100, toMs: 200 }, 1_000)).toEqual({ fromMs: 0, toMs: 300 });
  expect(withSides({ fromMs: 100, toMs: 200 }, 250)).toEqual({ fromMs: 0, toMs: 250 });
  expect(covers({ fromMs: 0, toMs: 300 }, { fromMs: 100, toMs: 200 })).toBe(true);
  expect(covers({ fromMs: 150, toMs: 300 }, { fromMs: 100, toMs: 200 })).toBe(false);
});
