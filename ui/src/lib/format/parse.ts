// Numbers as people type them, by the locale of the window. Strict: what could be read in two ways is refused; the decimal
// sign of the other half of the world is taken where it can be nothing else.
import { locale } from './locale';

const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(-12_345.6);
const partOf = (type: string, otherwise: string) =>
  parts.find((part) => part.type === type)?.value ?? otherwise;

export interface NumberSigns {
  readonly decimal: string;
  readonly group: string;
}
const SIGNS: NumberSigns = { decimal: partOf('decimal', '.'), group: partOf('group', '') };

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The number typed, or `null`: none, or not certain. Groups must be whole groups of three. */
export function parseNumber(text: string, { decimal, group }: NumberSigns = SIGNS): number | null {
  const blank = /[\s\u00a0\u202f]/g;
  const typed = text.trim().replace('−', '-');
  const grouped = group.trim() === '' ? '' : `(?:${escape(group)}\\d{3})*`;
  const body = group.trim() === '' ? typed.replace(blank, '') : typed;
  const pattern = new RegExp(`^[+-]?(?:\\d{1,3}${grouped}|\\d+)(?:${escape(decimal)}\\d+)?$`);
  if (!pattern.test(body)) return foreignDecimal(body, group);
  const plain = (group.trim() === '' ? body : body.replaceAll(group, '')).replace(decimal, '.');
  const number = Number(plain);
  return Number.isFinite(number) ? number : null;
}

/** A single sign that groups nothing here: `62,5` under a decimal point, `46.5` under a decimal comma. */
function foreignDecimal(body: string, group: string): number | null {
  const found = /^([+-]?\d+)([.,])(\d+)$/.exec(body);
  if (!found) return null;
  const [, whole, sign, fraction] = found;
  // Three digits after the sign that groups here could be thousands.
  return sign === group && fraction?.length === 3 ? null : Number(`${whole}.${fraction}`);
}

/** The sign between whole and fraction, for a hint beside a field. */
export const decimalSign = (): string => SIGNS.decimal;
