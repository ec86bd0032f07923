// What a mark of the time axis says.
import type { MarkDto } from '~/lib/ipc/bindings';
import { words } from '~/lib/words';
import { metricName } from './pens';

const nameOf = (names: Readonly<Record<string, string>>, key: string): string => names[key] ?? key;

export function eventLabel(event: MarkDto): string {
  const say = words.trends.event;
  if (event.kind !== 'alarm') {
    return say.config(event.machine_name, event.detail, nameOf(words.trends.configState, event.what));
  }
  const condition = nameOf(words.process.condition, event.what);
  const metric = event.metric === '' ? '' : metricName(event.metric).toLowerCase();
  const form = event.detail === 'raised' ? say.raised : say.returned;
  return form(event.machine_name, metric, condition).replace(/ {2,}/g, ' ');
}
