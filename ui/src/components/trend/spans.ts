// Spans of the toolbar.
import { words } from '~/lib/words';

const HOUR_MS = 3_600_000;

export interface SpanChoice {
  readonly label: string;
  /** `null`: all that is stored. */
  readonly ms: number | null;
  /** Left out where the window is narrow. */
  readonly wide?: boolean;
}

const say = words.trends.spans;
export const SPANS: readonly SpanChoice[] = [
  { label: say.min30, ms: HOUR_MS / 2 },
  { label: say.h2, ms: 2 * HOUR_MS },
  { label: say.h6, ms: 6 * HOUR_MS },
  { label: say.h12, ms: 12 * HOUR_MS },
  { label: say.d1, ms: 24 * HOUR_MS },
  { label: say.d7, ms: 7 * 24 * HOUR_MS },
  { label: say.y1, ms: 365 * 24 * HOUR_MS },
  { label: say.all, ms: null },
];
