// What a mark of the time axis says.
import type { MarkDto } from '~/lib/ipc/bindings';
import { words } from '~/lib/words';
import { conditionName, configStateName, metricName } from '~/lib/words/named';

export function eventLabel(event: MarkDto): string {
  const say = words.trends.event;
  if (event.kind !== 'alarm') {
    return say.config(event.machine_name, event.detail, configStateName(event.what));
  }
  const condition = conditionName(event.what);
  const metric = event.metric === '' ? '' : metricName(event.metric).toLowerCase();
  const form = event.detail === 'raised' ? say.raised : say.returned;
  return form(event.machine_name, metric, condition).replace(/ {2,}/g, ' ');
}
