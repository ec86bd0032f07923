// Numbers, by the locale of the window.
import { locale } from './locale';

const byDecimals = new Map<number, Intl.NumberFormat>();

/** A number with exactly so many decimals; what is no number is a dash. */
export function formatNumber(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  let format = byDecimals.get(decimals);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      // 1004 mbar, but 48,310 messages.
      useGrouping: 'min2',
    });
    byDecimals.set(decimals, format);
  }
  // No "-0.0": a sign without a value behind it reads as a fault.
  const rounded = format.format(value);
  return rounded === format.format(-0) ? format.format(0) : rounded;
}

const counts = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
/** A whole number with its thousands grouped. */
export const formatCount = (count: number): string => (Number.isFinite(count) ? counts.format(count) : '–');

/** A number and its unit; a number without a unit stands alone. */
export function formatQuantity(value: number | null | undefined, decimals: number, unit: string): string {
  const number = formatNumber(value, decimals);
  return unit === '' || number === '–' ? number : `${number} ${unit}`;
}

/** Share of one, as per cent. */
export const formatPercent = (share: number, decimals = 0): string =>
  Number.isFinite(share) ? `${formatNumber(share * 100, decimals)} %` : '–';

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes, in the binary unit that leaves one to four digits. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${formatNumber(value, unit === 0 || value >= 100 ? 0 : 1)} ${BYTE_UNITS[unit]}`;
}
