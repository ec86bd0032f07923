// How the state of a config or change looks: an icon, and a tone that only trouble raises.
import type { IconName } from '~/components/base/Icon.svelte';

export interface StateLook {
  readonly icon: IconName;
  readonly tone: 'quiet' | 'active' | 'bad';
}

const LOOKS: Readonly<Record<string, StateLook>> = {
  in_sync: { icon: 'check', tone: 'quiet' },
  applied: { icon: 'check', tone: 'quiet' },
  requested: { icon: 'pending', tone: 'active' },
  approved: { icon: 'clock', tone: 'active' },
  publishing: { icon: 'clock', tone: 'active' },
  published: { icon: 'clock', tone: 'active' },
  received: { icon: 'clock', tone: 'active' },
  refused: { icon: 'close', tone: 'bad' },
  drifted: { icon: 'differs', tone: 'bad' },
  overruled: { icon: 'differs', tone: 'bad' },
  stale: { icon: 'undo', tone: 'bad' },
  rejected: { icon: 'close', tone: 'quiet' },
  withdrawn: { icon: 'undo', tone: 'quiet' },
  edited: { icon: 'pending', tone: 'active' },
  nothing_desired: { icon: 'unknown', tone: 'quiet' },
  expired: { icon: 'clock', tone: 'quiet' },
};

export const lookOf = (state: string): StateLook =>
  (Object.hasOwn(LOOKS, state) ? LOOKS[state] : undefined) ?? { icon: 'unknown', tone: 'quiet' };
