// When alarms stood on the limits of a pen: from the alarm's own transitions, never from values and limits.
import type { CrossedKind, Standing } from '~/lib/chart/excursions';
import type { AlarmRow, MarkDto, Pen } from '~/lib/ipc/bindings';
import { isPriority } from '~/lib/priority';

const KINDS: Readonly<Record<string, CrossedKind>> = {
  'limit:high_high': 'high_high',
  'limit:high': 'high',
  'limit:low': 'low',
  'limit:low_low': 'low_low',
};

/**
 * @param events marks by time; one that returns without having been raised stood before the first of them
 * @param rows alarms that stand now, of this machine: raised before the events begin, or since they were read
 */
export function standingsOf(pen: Pen, events: readonly MarkDto[], rows: readonly AlarmRow[]): Standing[] {
  const closed: Standing[] = [];
  const open = new Map<string, Standing>();
  for (const event of events) {
    const kind = KINDS[event.what];
    const own = event.kind === 'alarm' && event.machine === pen.machine && event.metric === pen.metric;
    if (!own || kind === undefined || !isPriority(event.priority)) continue;
    const before = open.get(event.what);
    if (event.detail === 'raised') {
      const from = before?.fromMs ?? event.time_ms;
      open.set(event.what, { kind, priority: event.priority, fromMs: from, toMs: Infinity });
    } else {
      const standing = before ?? { kind, priority: event.priority, fromMs: -Infinity };
      closed.push({ ...standing, toMs: event.time_ms });
      open.delete(event.what);
    }
  }
  for (const row of rows) {
    const kind = KINDS[row.condition];
    if (row.metric !== pen.metric || row.state === 'D' || kind === undefined || open.has(row.condition))
      continue;
    if (isPriority(row.priority))
      open.set(row.condition, { kind, priority: row.priority, fromMs: row.since_ms, toMs: Infinity });
  }
  return [...closed, ...open.values()];
}
