// Colours of the tiles' canvases, read from the tokens once a theme.
import { onThemeChange } from '~/lib/chart/palette';

const TOKENS = {
  line: 'line',
  inkFaint: 'ink-faint',
  inkMuted: 'ink-muted',
  ink: 'ink',
  normal: 'band-normal',
  warn: 'band-warn',
  trip: 'band-trip',
  edge: 'band-edge',
  limit: 'band-limit',
  pointer: 'band-pointer',
  hatch: 'gap-hatch',
  critical: 'alarm-critical-edge',
  high: 'alarm-high-edge',
  medium: 'alarm-medium-edge',
  low: 'alarm-low-edge',
} as const;
export type BarColors = Readonly<Record<keyof typeof TOKENS, string>>;

let known: BarColors | null = null;
const listeners = new Set<() => void>();
let watching = false;

function read(): BarColors {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const colors = Object.fromEntries(
    Object.entries(TOKENS).map(([name, token]) => {
      probe.style.color = `var(--${token})`;
      return [name, getComputedStyle(probe).color];
    }),
  ) as Record<keyof typeof TOKENS, string>;
  probe.remove();
  return colors;
}

/** Those of the theme in force. */
export const barColors = (): BarColors => (known ??= read());

/** Calls back after a change of theme; all tiles share one observer for the life of the window. */
export function onBarColors(changed: () => void): () => void {
  if (!watching) {
    watching = true;
    onThemeChange(() => {
      known = null;
      for (const listener of listeners) listener();
    });
  }
  listeners.add(changed);
  return () => listeners.delete(changed);
}
