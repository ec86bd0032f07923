import { expect, test } from 'vitest';
import { csvName, toCsv } from './csv';
import { setTimeZone } from './format';

test('fields are quoted where they must be, and nothing runs as a formula', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        ['plain', 46.1],
        ['with, comma', null],
        ['say "x"', -0.5],
        ['=1+1', 0],
      ],
    ),
  ).toBe('a,b\r\nplain,46.1\r\n"with, comma",\r\n"say ""x""",-0.5\r\n\'=1+1,0\r\n');
});

test('a file says what it is, of which site, as of when in the plant’s zone', () => {
  setTimeZone('Europe/Warsaw');
  const now = Date.UTC(2026, 10, 24, 6, 14, 32);
  expect(csvName('alarms-history', 'Żnin: house 2/b', now)).toBe(
    'alarms-history_Żnin-house-2-b_2026-11-24_07-14-32.csv',
  );
  expect(csvName('alarms-active', '', now)).toBe('alarms-active_2026-11-24_07-14-32.csv');
});
