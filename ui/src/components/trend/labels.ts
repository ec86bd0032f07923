// The words and formats of the canvas: lib/chart knows no language.
import type { TimeTick } from '~/lib/chart/ticks';
import type { GapEnds } from '~/lib/chart/gaps';
import type { ChartLabels } from '~/lib/chart/view';
import {
  formatDayIn,
  formatDayShort,
  formatMonth,
  formatNumber,
  formatQuantity,
  formatSpan,
  formatTime,
  formatTimeShort,
  formatYear,
  sameDay,
} from '~/lib/format';
import { words } from '~/lib/words';

function tick({ ms, label }: TimeTick): string {
  switch (label) {
    case 'second':
      return formatTime(ms);
    case 'minute':
      return formatTimeShort(ms);
    case 'day':
      return formatDayShort(ms);
    case 'month':
      return formatMonth(ms);
    case 'year':
      return formatYear(ms);
  }
}

/** To the second where minutes would not tell a gap's ends apart. */
const FINE_BELOW_MS = 600_000;

/** The fullest first. A length is said only of a whole gap, so that the same gap never has two. */
export function gap({ fromMs, toMs, goesOn }: GapEnds, nowMs: number): string[] {
  const say = words.trends.gap;
  const fine = fromMs !== null && toMs !== null && toMs - fromMs < FINE_BELOW_MS;
  const at = (ms: number) => {
    const time = fine ? formatTime(ms) : formatTimeShort(ms);
    return sameDay(ms, nowMs) ? time : `${formatDayIn(ms, nowMs)} ${time}`;
  };
  if (fromMs !== null && toMs !== null) {
    const length = formatSpan(toMs - fromMs);
    const whole = goesOn ? say.since(length, at(fromMs)) : say.whole(length, at(fromMs), at(toMs));
    return [whole, say.length(length)];
  }
  if (fromMs !== null) return [say.from(at(fromMs)), say.none];
  return toMs !== null && !goesOn ? [say.until(at(toMs)), say.none] : [say.none];
}

export const chartLabels: ChartLabels = {
  value: formatNumber,
  quantity: formatQuantity,
  tick,
  now: words.trends.now,
  max: words.trends.max,
  min: words.trends.min,
  limit: (kind, value) => words.trends.limit[kind](value),
  limitsOf: words.trends.limitsOf,
  gap,
};
