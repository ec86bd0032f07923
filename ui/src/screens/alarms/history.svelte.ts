// The alarm history, read page by page.
import { toApiError, type Host } from '~/lib/host';
import type { ApiError, TransitionDto } from '~/lib/ipc/bindings';

const PAGE = 200;

export class History {
  rows = $state.raw<readonly TransitionDto[]>([]);
  more = $state(false);
  busy = $state(false);
  read = $state(false);
  problem = $state.raw<ApiError | null>(null);
  machine = $state<number | null>(null);
  readonly #host: Host;
  #turn = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Reads the newest page anew. */
  refresh(): Promise<void> {
    return this.#page(null);
  }

  older(): Promise<void> {
    return this.#page(this.rows[this.rows.length - 1]?.id ?? null);
  }

  async #page(before: number | null): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    try {
      const page = await this.#host.call('alarm_history', {
        from_ms: null,
        to_ms: null,
        machine: this.machine,
        before,
        limit: PAGE,
      });
      if (turn !== this.#turn) return;
      this.rows = before === null ? page.rows : [...this.rows, ...page.rows];
      this.more = page.more;
      this.problem = null;
      this.read = true;
    } catch (problem) {
      if (turn === this.#turn) this.problem = toApiError(problem);
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}
