// Settings of the window (theme, order of the tiles, pens): kept by the core, opaque to it.
import type { Host } from '~/lib/host';
import type { JsonValue } from '~/lib/ipc/bindings';

export type Theme = 'system' | 'light' | 'dark';
const THEMES: readonly string[] = ['system', 'light', 'dark'];
const THEME_KEY = 'theme';
/** The theme of the last time, so that the first paint already wears it. */
const MEMORY = 'panfloor.theme';

export class UiSettings {
  values = $state.raw<Readonly<Record<string, JsonValue>>>({});
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Takes what the core has kept. */
  take(values: Readonly<Record<string, JsonValue>>): void {
    this.values = values;
    applyTheme(this.theme);
  }

  /** Shows the value at once and has the core keep it; rejects with an `ApiError` if it could not. */
  async set(key: string, value: JsonValue): Promise<void> {
    this.values = { ...this.values, [key]: value };
    if (key === THEME_KEY) applyTheme(this.theme);
    await this.#host.call('ui_setting', { key, value });
  }

  get theme(): Theme {
    const theme = this.values[THEME_KEY];
    return typeof theme === 'string' && THEMES.includes(theme) ? (theme as Theme) : 'system';
  }
}

/** Puts a theme on the page; `system` leaves it to the desktop. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(MEMORY, theme);
  } catch {
    // Without storage the first paint follows the desktop; nothing else is lost.
  }
}

/** The theme of the last time, before the core has answered. */
export function rememberedTheme(): Theme {
  try {
    const theme = localStorage.getItem(MEMORY);
    return theme !== null && THEMES.includes(theme) ? (theme as Theme) : 'system';
  } catch {
    return 'system';
  }
}
