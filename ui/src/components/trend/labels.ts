// The words and formats of the canvas: lib/chart knows no language.
import type { TimeTick } from '~/lib/chart/ticks';
import type { ChartLabels } from '~/lib/chart/view';
import {
  formatDayShort,
  formatMonth,
  formatNumber,
  formatQuantity,
  formatSpan,
  formatTime,
  formatTimeShort,
  formatYear,
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

export const chartLabels: ChartLabels = {
  value: formatNumber,
  quantity: formatQuantity,
  tick,
  now: words.trends.now,
  max: words.trends.max,
  min: words.trends.min,
  limit: (kind, value) => words.trends.limit[kind](value),
  limitsOf: words.trends.limitsOf,
  gap: (lengthMs) => words.trends.gap(formatSpan(lengthMs)),
};
