// Must be the first import of every page: libraries read `navigator.language` when they load, and under LANG=C it
// is `C`, for which Intl throws.

/** The language if Intl knows it, else American English. */
export function usableLocale(language: string | undefined): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language ?? '')[0] ?? 'en-US';
  } catch {
    return 'en-US';
  }
}

export const locale = usableLocale(navigator.language);

if (navigator.language !== locale) {
  Object.defineProperty(navigator, 'language', { value: locale, configurable: true });
  Object.defineProperty(navigator, 'languages', { value: [locale], configurable: true });
}
