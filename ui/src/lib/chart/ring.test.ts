import { expect, test } from 'vitest';
import { BUCKET_MS, Ring, SPARK_BUCKETS } from './ring';

test('a bucket is the mean of its samples', () => {
  const ring = new Ring();
  ring.add(1000, 46);
  ring.add(2000, 47);
  expect(ring.mean(0)).toBe(46.5);
  expect(ring.mean(1)).toBeNaN();
});

test('a slot forgets what is older than the span, and refuses what comes too late', () => {
  const ring = new Ring();
  ring.add(0, 46);
  const later = SPARK_BUCKETS * BUCKET_MS;
  ring.add(later, 50);
  expect(ring.mean(0)).toBeNaN();
  ring.add(10, 1);
  expect(ring.mean(SPARK_BUCKETS)).toBe(50);
});

test('what is no number leaves no trace', () => {
  const ring = new Ring();
  ring.add(0, NaN);
  ring.add(NaN, 1);
  ring.add(-5, 1);
  expect(ring.mean(0)).toBeNaN();
});
