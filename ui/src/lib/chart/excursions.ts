/** Where a pen was beyond a limit while an alarm said so: the only place where the chart wears an alarm's colour. */

import { PRIORITIES, type Priority } from '~/lib/priority';
import type { Stretch } from './limits';

/** Limits whose crossing raises an alarm. */
export type CrossedKind = 'high_high' | 'high' | 'low' | 'low_low';

/** A time in which an alarm stood on a pen's limit; open ends are infinite. */
export interface Standing {
  readonly kind: CrossedKind;
  readonly priority: Priority;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What of a time is to be coloured: all beyond `limit`. */
export interface Excursion {
  fromMs: number;
  toMs: number;
  /** The inmost limit on this side with an alarm standing on it. */
  limit: number;
  /** Above a high limit, or below a low one. */
  above: boolean;
  /** Of the worst alarm that stood then on this side. */
  priority: Priority;
}

const SIDES = [
  { above: true, kinds: ['high_high', 'high'] },
  { above: false, kinds: ['low_low', 'low'] },
] as const satisfies readonly { above: boolean; kinds: readonly CrossedKind[] }[];

/** Times and levels to colour, by side and time: an alarm's limit may step while it stands, and a worse one may join it. */
export function excursions(parts: readonly Stretch[], standings: readonly Standing[]): Excursion[] {
  const found: Excursion[] = [];
  for (const { above, kinds } of SIDES) {
    const ofSide = standings.filter(({ kind }) => (kinds as readonly CrossedKind[]).includes(kind));
    for (const part of parts) {
      for (const [fromMs, toMs] of pieces(part, ofSide)) {
        const standing = ofSide.filter(
          (one) => one.fromMs < toMs && one.toMs > fromMs && part.band[one.kind] !== null,
        );
        const limits = standing.flatMap(({ kind }) => part.band[kind] ?? []);
        const priority = PRIORITIES.find((each) => standing.some((one) => one.priority === each));
        if (limits.length === 0 || priority === undefined) continue;
        const limit = above ? Math.min(...limits) : Math.max(...limits);
        const last = found[found.length - 1];
        const goesOn =
          last?.toMs === fromMs && last.limit === limit && last.priority === priority && last.above === above;
        if (goesOn) last.toMs = toMs;
        else found.push({ fromMs, toMs, limit, above, priority });
      }
    }
  }
  return found;
}

/** The stretch, cut where an alarm begins or ends. */
function pieces({ fromMs, toMs }: Stretch, standings: readonly Standing[]): [number, number][] {
  const within = standings.flatMap((one) => [one.fromMs, one.toMs]).filter((ms) => ms > fromMs && ms < toMs);
  const cuts = [...new Set([fromMs, ...within, toMs])].sort((a, b) => a - b);
  return cuts.slice(1).map((to, i) => [cuts[i] ?? fromMs, to]);
}
