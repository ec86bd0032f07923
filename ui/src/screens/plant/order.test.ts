import { expect, test } from 'vitest';
import { arranged, moved, neighbour, readOrder } from './order';

test('machines stand as arranged, unknown ones behind by name', () => {
  const machines = ['pan-01', 'pan-02', 'pan-03', 'pan-04'];
  expect(arranged(machines, ['pan-03', 'gone', 'pan-01'], (m) => m)).toEqual([
    'pan-03',
    'pan-01',
    'pan-02',
    'pan-04',
  ]);
  expect(arranged(machines, [], (m) => m)).toEqual(machines);
});

test('moving closes the gap and stays within', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b', 'c'], 1, 3)).toEqual(['a', 'b', 'c']);
  expect(moved(['a', 'b', 'c'], 7, 0)).toEqual(['a', 'b', 'c']);
});

test('a setting of another shape is no order', () => {
  expect(readOrder(null)).toEqual([]);
  expect(readOrder({ a: 1 })).toEqual([]);
  expect(readOrder(['a', 1, 'b'])).toEqual(['a', 'b']);
});

test('arrows stop at the edges of the grid', () => {
  expect(neighbour(0, 'ArrowLeft', 6, 24)).toBe(0);
  expect(neighbour(0, 'ArrowDown', 6, 24)).toBe(6);
  expect(neighbour(20, 'ArrowDown', 6, 24)).toBe(20);
  expect(neighbour(5, 'ArrowRight', 6, 24)).toBe(6);
});
