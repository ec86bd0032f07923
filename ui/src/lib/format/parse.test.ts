import { describe, expect, it } from 'vitest';
import { parseNumber } from './parse';

const POINT = { decimal: '.', group: ',' };
const COMMA = { decimal: ',', group: '.' };
const BLANK = { decimal: ',', group: '\u202f' };

describe('parseNumber', () => {
  it.each([
    ['46.5', 46.5],
    [' 1,000 ', 1000],
    ['1000', 1000],
    ['-3', -3],
    ['−3.25', -3.25],
    ['0', 0],
  ])('reads %j as %d with a decimal point', (text, number) => {
    expect(parseNumber(text, POINT)).toBe(number);
  });

  it('reads the decimal comma of a locale that has it', () => {
    expect(parseNumber('46,5', COMMA)).toBe(46.5);
    expect(parseNumber('1.000,5', COMMA)).toBe(1000.5);
    expect(parseNumber('12\u202f345,5', BLANK)).toBe(12_345.5);
    expect(parseNumber('12 345', BLANK)).toBe(12_345);
  });

  it.each([
    '',
    ' ',
    '1234,567',
    '1,23,4',
    '1,5.5',
    '1e3',
    '46.',
    '.5',
    '46.5.1',
    '12 345',
    'NaN',
    'Infinity',
    '46.5 °C',
  ])('refuses %j rather than guess', (text) => {
    expect(parseNumber(text, POINT)).toBeNull();
  });

  it('takes the other decimal sign where it can be nothing else', () => {
    expect(parseNumber('62,5', POINT)).toBe(62.5);
    expect(parseNumber('4,65', POINT)).toBe(4.65);
    expect(parseNumber('-0,25', POINT)).toBe(-0.25);
    expect(parseNumber('46.5', COMMA)).toBe(46.5);
    expect(parseNumber('46.125', BLANK)).toBe(46.125);
    expect(parseNumber('46.125', COMMA)).toBe(46_125);
  });
});
