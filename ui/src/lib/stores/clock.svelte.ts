// The core's clock: what the window shows as now. Ticks once a second, not at all while hidden.

export class Clock {
  /** The core's wall clock at the last tick, ms. */
  now = $state(Date.now());
  #offset = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes the core's time; the clock then runs on from it without jumps of this PC's wall clock. */
  adjust(nowMs: number): void {
    this.#offset = nowMs - performance.now();
    this.now = this.exact();
  }

  /** To the millisecond, not reactive. */
  exact(): number {
    return this.#offset === 0 ? Date.now() : this.#offset + performance.now();
  }

  start(): () => void {
    const tick = () => {
      this.now = this.exact();
      this.#timer = setTimeout(tick, 1000 - (this.now % 1000) + 1);
    };
    const visibility = () => {
      clearTimeout(this.#timer);
      if (!document.hidden) tick();
    };
    document.addEventListener('visibilitychange', visibility);
    visibility();
    return () => {
      clearTimeout(this.#timer);
      document.removeEventListener('visibilitychange', visibility);
    };
  }
}
