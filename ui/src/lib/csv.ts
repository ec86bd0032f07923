// CSV as RFC 4180 has it, and what its files are called.
import { formatIsoLocal } from './format';

/** One field: quoted where it must be; text that a spreadsheet would run as a formula is defused. */
function field(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function toCsv(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** `alarms-history_Lublin_2026-11-24_07-14-32.csv`: what, of which site, as of when in the plant's zone. */
export function csvName(what: string, site: string, nowMs: number): string {
  const plain = site.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  const when = formatIsoLocal(nowMs).slice(0, 19).replace('T', '_').replaceAll(':', '-');
  return `${[what, plain, when].filter((part) => part !== '').join('_')}.csv`;
}
