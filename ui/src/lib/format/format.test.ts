import { beforeEach, expect, test } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatIsoLocal,
  formatNumber,
  formatQuantity,
  formatSpan,
  formatSpanShort,
  formatTime,
  formatWhenShort,
  sameDay,
  setTimeZone,
  timeZone,
  usableLocale,
} from '.';

beforeEach(() => setTimeZone('Europe/Warsaw'));

test('languages that Intl refuses fall back, others stay', () => {
  for (const language of ['C', 'POSIX', '', undefined, 'c.utf-8'])
    expect(usableLocale(language)).toBe('en-US');
  expect(usableLocale('pl')).toBe('pl');
  expect(usableLocale('de-DE')).toBe('de-DE');
});

test('numbers keep their decimals and never read minus zero', () => {
  expect(formatNumber(46.04, 1)).toBe('46.0');
  expect(formatNumber(-0.04, 1)).toBe('0.0');
  expect(formatNumber(NaN, 1)).toBe('–');
  expect(formatNumber(null, 1)).toBe('–');
  expect(formatNumber(1004, 0)).toBe('1004');
  expect(formatCount(1204)).toBe('1,204');
  expect(formatCount(48_310)).toBe('48,310');
  expect(formatQuantity(74.12, 1, 'mbar')).toBe('74.1 mbar');
  expect(formatQuantity(null, 1, 'mbar')).toBe('–');
});

test('bytes take the unit that fits', () => {
  expect(formatBytes(512)).toBe('512 B');
  expect(formatBytes(1536)).toBe('1.5 KiB');
  expect(formatBytes(300 * 1024 ** 3)).toBe('300 GiB');
});

test('durations are hours, minutes, seconds', () => {
  expect(formatDuration(22_900)).toBe('0:22');
  expect(formatDuration(125_000)).toBe('2:05');
  expect(formatDuration(6_600_000)).toBe('1:50:00');
  expect(formatDuration(-5)).toBe('0:00');
  expect(formatDuration(273_600_000)).toBe('3 d 04:00');
});

test('spans are words of two units at most', () => {
  expect(formatSpan(390)).toBe('0.3 s');
  expect(formatSpan(12_300)).toBe('12 s');
  expect(formatSpan(372_000)).toBe('6 min 12 s');
  expect(formatSpan(3_600_000)).toBe('1 h');
  expect(formatSpan(100 * 3_600_000)).toBe('4 d 4 h');
  expect(formatSpanShort(128 * 60_000)).toBe('128 min');
});

test('ages are whole seconds', () => {
  expect(formatAge(-1)).toBe('0 s');
  expect(formatAge(3900)).toBe('3 s');
  expect(formatAge(179_000)).toBe('2 min 59 s');
});

test('times in files are the plant’s, with the offset of that day', () => {
  const second = Date.UTC(2026, 9, 25, 1, 30, 0, 7);
  expect(formatIsoLocal(second)).toBe('2026-10-25T02:30:00.007+01:00');
  expect(formatIsoLocal(second - 3_600_000)).toBe('2026-10-25T02:30:00.007+02:00');
  expect(new Date(formatIsoLocal(second)).getTime()).toBe(second);
  setTimeZone('UTC');
  expect(formatIsoLocal(second)).toBe('2026-10-25T01:30:00.007+00:00');
  setTimeZone('America/St_Johns');
  expect(formatIsoLocal(second)).toBe('2026-10-24T23:00:00.007-02:30');
});

test('a time of another day has its date', () => {
  const now = Date.UTC(2026, 10, 24, 12);
  expect(formatWhenShort(now, now)).toBe('13:00:00');
  expect(formatWhenShort(now - 86_400_000, now)).toBe('Nov 23, 13:00');
});

test('times are those of the plant, also on the day the clock goes back', () => {
  const second = Date.UTC(2026, 9, 25, 1, 30);
  expect(formatTime(second)).toBe('02:30:00');
  expect(formatTime(second - 3_600_000)).toBe('02:30:00');
  expect(sameDay(Date.UTC(2026, 10, 23, 23, 30), Date.UTC(2026, 10, 24, 5))).toBe(true);
});

test('an unknown zone leaves the one in force', () => {
  setTimeZone('Europe/Nowhere');
  expect(timeZone()).toBe('Europe/Warsaw');
});
