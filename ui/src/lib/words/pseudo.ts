// The pseudo-locale: every text of the catalogue accented and bracketed, so that one which bypasses the catalogue
// stands out, and a third longer, so that what doesn't fit shows.
const FROM = 'abcdeghijlnorstuyzACDEGHIJLNORSTUYZ';
const TO = 'åƀçðéĝĥîĵļñöŕšţûýžÅÇÐÉĜĤÎĴĻÑÖŔŠŢÛÝŽ';
const accents = new Map([...FROM].map((letter, index) => [letter, [...TO][index] ?? letter]));

export function pseudo(text: string): string {
  if (text.trim() === '') return text;
  const accented = [...text].map((letter) => accents.get(letter) ?? letter).join('');
  return `[${accented}${'~'.repeat(Math.ceil(text.length / 3))}]`;
}

/** The same catalogue, its texts and the results of its functions put through `pseudo`. */
export function pseudoCatalogue<T>(catalogue: T): T {
  if (typeof catalogue === 'string') return pseudo(catalogue) as T;
  if (typeof catalogue === 'function') {
    return ((...parameters: unknown[]) => pseudoCatalogue(catalogue(...parameters))) as T;
  }
  if (Array.isArray(catalogue)) return catalogue.map(pseudoCatalogue) as T;
  if (typeof catalogue === 'object' && catalogue !== null) {
    return Object.fromEntries(
      Object.entries(catalogue).map(([key, value]) => [key, pseudoCatalogue(value as unknown)]),
    ) as T;
  }
  return catalogue;
}
