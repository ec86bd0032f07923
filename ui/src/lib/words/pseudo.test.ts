import { expect, test } from 'vitest';
import { plural } from './plural';
import { pseudo, pseudoCatalogue } from './pseudo';

test('pseudo texts are bracketed, accented and longer', () => {
  expect(pseudo('Plant')).toBe('[Þļåñţ~~]'.replace('Þ', 'P'));
  expect(pseudo(' ')).toBe(' ');
});

test('functions and lists of the catalogue are put through too', () => {
  const catalogue = pseudoCatalogue({ n: (n: number) => `${n} rows`, list: ['a'], deep: { text: 'b' } });
  expect(catalogue.n(3)).toMatch(/^\[3 /);
  expect(catalogue.list[0]).toBe('[å~]');
  expect(catalogue.deep.text).toBe('[ƀ~]');
});

test('counts take their form', () => {
  const forms = { one: '1 alarm', other: 'n alarms' };
  expect([0, 1, 2].map((n) => plural(n, forms))).toEqual(['n alarms', '1 alarm', 'n alarms']);
});
