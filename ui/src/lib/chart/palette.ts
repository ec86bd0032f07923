/** Colours of the canvas, read from the tokens: a canvas can't name a CSS variable. */

/** Tokens that the chart draws with. */
const TOKENS = [
  'surface-1',
  'surface-2',
  'ink-strong',
  'ink',
  'ink-muted',
  'ink-faint',
  'line',
  'line-strong',
  'band-edge',
  'band-limit',
  'chart-warn',
  'chart-trip',
  'gap-hatch',
  'alarm-critical-bg',
  'alarm-critical-edge',
  'alarm-critical-text',
  'alarm-high-bg',
  'alarm-high-edge',
  'alarm-high-text',
  'alarm-medium-bg',
  'alarm-medium-edge',
  'alarm-medium-text',
  'alarm-low-bg',
  'alarm-low-edge',
  'alarm-low-text',
] as const;
export type Token = (typeof TOKENS)[number];

/** Pens that the tokens define. */
export const PEN_STYLES = 8;

export interface Palette {
  color: Readonly<Record<Token, string>>;
  /** Pens 1 to 8 at index 0 to 7. */
  pens: readonly string[];
  dashes: readonly (readonly number[])[];
  /** Font family of the page. */
  family: string;
}

/** Parses `--pen-2-dash: 7 3`. */
export function parseDash(text: string): number[] {
  return text
    .trim()
    .split(/[\s,]+/)
    .map(Number)
    .filter((part) => Number.isFinite(part) && part >= 0);
}

/** Reads the tokens in force at `element`. Costs a style resolution each: once a theme, not once a drawing. */
export function readPalette(element: HTMLElement): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  // The probe resolves light-dark(), which the text of a custom property does not.
  const resolve = (token: string): string => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const style = getComputedStyle(element);
  const numbers = Array.from({ length: PEN_STYLES }, (_, i) => i + 1);
  const color = Object.fromEntries(TOKENS.map((token) => [token, resolve(token)])) as Record<Token, string>;
  const palette = {
    color,
    pens: numbers.map((n) => resolve(`pen-${n}`)),
    dashes: numbers.map((n) => parseDash(style.getPropertyValue(`--pen-${n}-dash`))),
    family: style.fontFamily,
  };
  probe.remove();
  return palette;
}

/** Calls back when the theme changes, by the user's choice or the system's. Returns how to stop. */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    system.removeEventListener('change', changed);
  };
}
