/** Marks on the events row: neighbours too near to be told apart become one mark with a count. */

import type { MarkDto } from '~/lib/ipc/bindings';
import type { TimeWindow } from './window';

/** One mark of the row. */
export interface EventMark {
  /** Middle of the mark, CSS pixels from the left edge of the plot. */
  x: number;
  /** The events it stands for, by time. */
  events: MarkDto[];
  /** The one that is shown: the most severe, then the latest. */
  lead: MarkDto;
  /** Room for words beside it, CSS pixels. */
  room: number;
  /** Words stand to its left, because there is none to its right. */
  left: boolean;
}

/** Words need this much to be worth reading. */
export const LEAST_WORDS_PX = 60;
/** From the middle of one mark to the next at least: nearer ones could not be hit apart. */
const MARK_PX = 24;
const SEVERITY: Readonly<Record<string, number>> = { critical: 4, high: 3, medium: 2, low: 1 };

function severity(event: MarkDto): number {
  return event.kind === 'alarm' && event.detail === 'raised' ? (SEVERITY[event.priority] ?? 0) : 0;
}

/** @param events by time */
export function eventMarks(events: readonly MarkDto[], window: TimeWindow, plotWidth: number): EventMark[] {
  const marks: EventMark[] = [];
  const scale = plotWidth / (window.toMs - window.fromMs);
  for (const event of events) {
    if (event.time_ms < window.fromMs || event.time_ms > window.toMs) continue;
    const x = (event.time_ms - window.fromMs) * scale;
    const last = marks[marks.length - 1];
    if (last !== undefined && x - last.x < MARK_PX) {
      last.events.push(event);
      if (severity(event) >= severity(last.lead)) last.lead = event;
    } else {
      marks.push({ x, events: [event], lead: event, room: 0, left: false });
    }
  }
  marks.forEach((mark, i) => {
    mark.room = Math.max(0, (marks[i + 1]?.x ?? plotWidth + MARK_PX) - mark.x - MARK_PX);
    const before = marks[i - 1];
    const free =
      before === undefined ? mark.x - MARK_PX : before.left ? mark.x - before.x - MARK_PX : before.room / 2;
    if (mark.room >= LEAST_WORDS_PX || free < LEAST_WORDS_PX) return;
    mark.left = true;
    mark.room = free;
    if (before !== undefined && !before.left) before.room -= free;
  });
  return marks;
}
