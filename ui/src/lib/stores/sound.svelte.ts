// Whether alarms sound, and for how long not.
import { Tones } from '~/lib/sound';
import { priorityOf } from '~/lib/words/named';
import { isUnacknowledged, type AlarmsStore } from './alarms.svelte';
import type { Clock } from './clock.svelte';

export const MUTE_MS = 10 * 60_000;

export class SoundStore {
  /** Core's clock at which the sound comes back; null: it is on. */
  mutedUntilMs = $state<number | null>(null);
  readonly #clock: Clock;
  readonly #alarms: AlarmsStore;
  readonly #tones = new Tones();

  constructor(clock: Clock, alarms: AlarmsStore) {
    this.#clock = clock;
    this.#alarms = alarms;
  }

  /** Time left of the mute; 0: not muted. */
  get leftMs(): number {
    return this.mutedUntilMs === null ? 0 : Math.max(0, this.mutedUntilMs - this.#clock.now);
  }

  toggle(): void {
    this.mutedUntilMs = this.leftMs > 0 ? null : this.#clock.exact() + MUTE_MS;
  }

  /** Once a second: sounds for the worst unacknowledged active alarm. Critical is never muted. */
  tick(): void {
    const worst = this.#alarms.rows.find((row) => isUnacknowledged(row) && row.state === 'B');
    const priority = worst === undefined ? null : priorityOf(worst.priority);
    if (priority === null || (this.leftMs > 0 && priority !== 'critical')) this.#tones.silent();
    else this.#tones.sound(priority, performance.now());
  }
}
