// Which screen is open, and what it was opened for.
import type { Pen } from '~/lib/ipc/bindings';

export const SCREENS = ['plant', 'trends', 'alarms', 'configs', 'reports', 'settings'] as const;
export type ScreenId = (typeof SCREENS)[number];

/** What a screen is asked to show when it opens. */
export type Intent =
  | {
      readonly kind: 'trend';
      readonly pens: readonly Pen[];
      readonly fromMs?: number;
      readonly toMs?: number;
    }
  | { readonly kind: 'config'; readonly machine: number }
  | { readonly kind: 'alarms'; readonly machine: number }
  /** One alarm of the active list, by its `alarmKey`. */
  | { readonly kind: 'alarm'; readonly key: string };

export class Router {
  screen = $state<ScreenId>('plant');
  /** Set by `open`; the screen it is for reads it and calls `taken`. */
  intent = $state.raw<Intent | null>(null);

  open(screen: ScreenId, intent: Intent | null = null): void {
    this.intent = intent;
    this.screen = screen;
  }

  taken(): void {
    this.intent = null;
  }
}
