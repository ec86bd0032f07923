// Short tones for alarms nobody has acknowledged: one pattern a priority, told apart by pitch, count and pace.
import type { Priority } from '~/lib/words/named';

interface Pattern {
  readonly hertz: readonly number[];
  /** From one sounding to the next. */
  readonly everyMs: number;
}
const PATTERNS: Record<Priority, Pattern> = {
  critical: { hertz: [880, 660, 880, 660], everyMs: 3000 },
  high: { hertz: [740, 620, 740], everyMs: 6000 },
  medium: { hertz: [560, 470], everyMs: 15_000 },
  low: { hertz: [440], everyMs: 30_000 },
};
const TONE_S = 0.13;
const STEP_S = 0.18;
const LOUDNESS = 0.16;
/** A tone without an edge does not click. */
const EDGE_S = 0.012;

export class Tones {
  #context: AudioContext | null = null;
  #lastMs = -Infinity;
  #last: Priority | null = null;

  /** Sounds the pattern if its time has come; `nowMs` of a clock that only rises. */
  sound(priority: Priority, nowMs: number): void {
    const pattern = PATTERNS[priority];
    if (this.#last === priority && nowMs - this.#lastMs < pattern.everyMs) return;
    this.#last = priority;
    this.#lastMs = nowMs;
    void this.#play(pattern);
  }

  silent(): void {
    this.#last = null;
  }

  async #play({ hertz }: Pattern): Promise<void> {
    try {
      const context = (this.#context ??= new AudioContext());
      await context.resume();
      const gain = context.createGain();
      gain.gain.value = 0;
      gain.connect(context.destination);
      const start = context.currentTime + 0.02;
      hertz.forEach((pitch, index) => {
        const at = start + index * STEP_S;
        const tone = context.createOscillator();
        tone.frequency.value = pitch;
        tone.connect(gain);
        gain.gain.setValueAtTime(0, at);
        gain.gain.linearRampToValueAtTime(LOUDNESS, at + EDGE_S);
        gain.gain.setValueAtTime(LOUDNESS, at + TONE_S - EDGE_S);
        gain.gain.linearRampToValueAtTime(0, at + TONE_S);
        tone.start(at);
        tone.stop(at + TONE_S);
        // An idle audio graph costs processor time; it sleeps between soundings.
        if (index === hertz.length - 1) tone.onended = () => void context.suspend();
      });
    } catch {
      // A PC without sound still shows the alarm.
      this.#context = null;
    }
  }
}
