import { expect, test } from 'vitest';
import { toCsv } from './csv';

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
