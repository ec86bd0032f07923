// Times and dates of the plant's zone; durations; ages.
import { words } from '~/lib/words';
import { locale } from './locale';
import { formatNumber } from './number';

let zone = 'UTC';
let formats = new Map<string, Intl.DateTimeFormat>();

/** Sets the plant's zone; one that this system doesn't know leaves the one in force. */
export function setTimeZone(name: string): void {
  try {
    new Intl.DateTimeFormat(locale, { timeZone: name });
    zone = name;
    formats = new Map();
  } catch {
    // A zone missing from this system's tables must not blank the window; UTC is shown by its name.
  }
}

/** The plant's zone, as in force. */
export const timeZone = (): string => zone;

function by(name: string, options: Intl.DateTimeFormatOptions, language = locale): Intl.DateTimeFormat {
  let format = formats.get(name);
  if (!format) {
    format = new Intl.DateTimeFormat(language, { ...options, timeZone: zone });
    formats.set(name, format);
  }
  return format;
}

const HOURS = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** `07:14:32` */
export const formatTime = (ms: number): string => by('time', { ...HOURS, second: '2-digit' }).format(ms);
/** `07:14` */
export const formatTimeShort = (ms: number): string => by('short', HOURS).format(ms);
/** `07:14:32.5` */
export const formatTimeFine = (ms: number): string =>
  by('fine', { ...HOURS, second: '2-digit', fractionalSecondDigits: 1 }).format(ms);
/** `07:14:32.512`, for what was proven at a moment. */
export const formatTimeExact = (ms: number): string =>
  by('exact', { ...HOURS, second: '2-digit', fractionalSecondDigits: 3 }).format(ms);
/** `Tue 24 Nov`, in the locale's order */
export const formatDay = (ms: number): string =>
  by('day', { weekday: 'short', day: 'numeric', month: 'short' }).format(ms);
/** `24 Nov`, with its year if that isn't `nowMs`'s. */
export const formatDayIn = (ms: number, nowMs: number): string =>
  formatYear(ms) === formatYear(nowMs) ? formatDayShort(ms) : formatDate(ms);
/** `24 Nov 2026` */
export const formatDate = (ms: number): string =>
  by('date', { day: 'numeric', month: 'short', year: 'numeric' }).format(ms);
/** Date and time to the second. */
export const formatDateTime = (ms: number): string =>
  by('datetime', { day: 'numeric', month: 'short', ...HOURS, second: '2-digit' }).format(ms);
/** Zone by name and offset: `Europe/Warsaw, GMT+1`. */
export function formatZone(ms: number): string {
  const part = by('zone', { timeZoneName: 'shortOffset' })
    .formatToParts(ms)
    .find((each) => each.type === 'timeZoneName');
  return `${zone}, ${part?.value ?? ''}`;
}
/** Same day of the plant's calendar? Then a time is enough. */
export const sameDay = (a: number, b: number): boolean => formatDate(a) === formatDate(b);
/** The time, with its date if that isn't `nowMs`'s day. */
export const formatWhen = (ms: number, nowMs: number): string =>
  sameDay(ms, nowMs) ? formatTime(ms) : formatDateTime(ms);
/** The same where there is little room: `07:14:32`, or `23 Nov, 07:14`. */
export const formatWhenShort = (ms: number, nowMs: number): string =>
  sameDay(ms, nowMs)
    ? formatTime(ms)
    : by('daytime', { day: 'numeric', month: 'short', ...HOURS }).format(ms);

/** ISO 8601 in UTC, for files. */
export const formatIso = (ms: number): string => new Date(ms).toISOString();

/** ISO 8601 in the plant's zone with its offset, for files: `2026-11-24T07:14:32.512+01:00`. */
export function formatIsoLocal(ms: number): string {
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...HOURS,
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'longOffset',
  };
  const all = by('iso', options, 'en-US').formatToParts(ms);
  const part = (type: string) => all.find((each) => each.type === type)?.value ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  const time = `${part('hour')}:${part('minute')}:${part('second')}.${part('fractionalSecond')}`;
  // `GMT+01:00`, and plain `GMT` where there is no offset.
  return `${date}T${time}${part('timeZoneName').replace('GMT', '') || '+00:00'}`;
}

/** `0:22`, `2:05`, `1:50:00`, `3 d 04:00`: hours, minutes, seconds. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) return words.time.days(days, `${two(hours)}:${two(minutes)}`);
  if (hours > 0) return `${hours}:${two(minutes)}:${two(seconds % 60)}`;
  return `${minutes}:${two(seconds % 60)}`;
}

/** In words, two units at most: `0.4 s`, `12 s`, `6 min 12 s`, `3 h 5 min`, `2 d 4 h`. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  const unit = words.time;
  if (seconds < 10) return unit.seconds(formatNumber(Math.floor(seconds * 10) / 10, 1));
  const whole = Math.floor(seconds);
  if (whole < 60) return unit.seconds(formatNumber(whole, 0));
  const pair = (a: string, b: number, second: (n: string) => string) =>
    b === 0 ? a : `${a} ${second(formatNumber(b, 0))}`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return pair(unit.minutes(formatNumber(minutes, 0)), whole % 60, unit.seconds);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair(unit.hours(formatNumber(hours, 0)), minutes % 60, unit.minutes);
  return pair(unit.wholeDays(formatNumber(Math.floor(hours / 24), 0)), hours % 24, unit.hours);
}

/** An age in words, by whole seconds: `3 s`, `2 min 59 s`. */
export const formatAge = (ms: number): string =>
  ms < 10_000 ? words.time.seconds(formatNumber(Math.floor(Math.max(0, ms) / 1000), 0)) : formatSpan(ms);

/** Whole minutes, hours or days, one unit: `4 min`. */
export function formatSpanShort(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  const unit = words.time;
  if (minutes < 180) return unit.minutes(formatNumber(minutes, 0));
  if (minutes < 2880) return unit.hours(formatNumber(Math.floor(minutes / 60), 0));
  return unit.wholeDays(formatNumber(Math.floor(minutes / 1440), 0));
}
/** `Nov`, for the time axis. */
export const formatMonth = (ms: number): string => by('month', { month: 'short' }).format(ms);
/** `2026` */
export const formatYear = (ms: number): string => by('year', { year: 'numeric' }).format(ms);
/** `24 Nov`, for the time axis. */
export const formatDayShort = (ms: number): string =>
  by('dayshort', { day: 'numeric', month: 'short' }).format(ms);
