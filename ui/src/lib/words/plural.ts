import { locale } from '~/lib/format/locale';

const english = new Intl.PluralRules('en');

/** The text for a count, by the plural rules of the catalogue's language. */
export function plural(count: number, forms: { one: string; other: string }): string {
  return english.select(count) === 'one' ? forms.one : forms.other;
}

/** A count as written in a sentence. */
export const count = (value: number): string => new Intl.NumberFormat(locale).format(value);
