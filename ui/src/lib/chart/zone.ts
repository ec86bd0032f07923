/** Wall clock of the plant: UTC offsets of an IANA zone, looked up through Intl. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    const fields = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    } as const;
    try {
      format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...fields });
    } catch {
      // A zone that this platform does not know: UTC is wrong by hours but never by an unknown amount.
      format = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', hourCycle: 'h23', ...fields });
    }
    formats.set(zone, format);
  }
  return format;
}

/** Local time minus UTC at the moment `ms`, in ms. */
export function offsetMs(zone: string, ms: number): number {
  const whole = Math.floor(ms / 1000) * 1000;
  const field: Record<string, number> = {};
  for (const part of formatOf(zone).formatToParts(whole)) field[part.type] = Number(part.value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

/**
 * The moment at which the plant's wall clock shows `localMs` (fields as if in UTC).
 * Shown twice (clocks set back): the first. Never shown (set forward): as much later as the clock jumped.
 */
export function toUtc(zone: string, localMs: number): number {
  const before = localMs - offsetMs(zone, localMs - 86_400_000);
  if (before + offsetMs(zone, before) === localMs) return before;
  const after = localMs - offsetMs(zone, localMs + 86_400_000);
  return after + offsetMs(zone, after) === localMs ? after : before;
}
