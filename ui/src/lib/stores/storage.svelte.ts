// What Settings shows of the store: sizes, counters, quarantine. Asked only while somebody looks.
import type { Host } from '~/lib/host';
import { toApiError } from '~/lib/host';
import type { QuarantineDto } from '~/lib/ipc/bindings';
import { Snapshot } from './snapshot.svelte';

/** Sizes and counters move with every message, of which no notice tells: asked anew this often. */
const REFRESH_MS = 5_000;
/** Rows of one page of the quarantine. */
export const PAGE_ROWS = 12;

export class StorageStore {
  readonly snapshot: Snapshot<'storage'>;
  quarantine = $state.raw<QuarantineDto | null>(null);
  quarantineProblem = $state('');
  offset = $state(0);
  readonly #host: Host;
  #watched = 0;
  #asked = 0;

  constructor(host: Host) {
    this.#host = host;
    this.snapshot = new Snapshot(host, 'storage');
  }

  /** Asks now and keeps up to date until the returned function is called. */
  watch(): () => void {
    this.#watched += 1;
    void this.refetch();
    const timer = setInterval(() => {
      if (!document.hidden) void this.snapshot.refetch();
    }, REFRESH_MS);
    return () => {
      clearInterval(timer);
      this.#watched -= 1;
    };
  }

  async refetch(): Promise<void> {
    if (this.#watched === 0) return;
    await Promise.all([this.snapshot.refetch(), this.page(this.offset)]);
  }

  /** Shows the page that begins at a row; rows that vanished meanwhile bring it back to the last page. */
  async page(offset: number): Promise<void> {
    const number = ++this.#asked;
    try {
      const answer = await this.#host.call('quarantine', { offset, limit: PAGE_ROWS });
      if (number !== this.#asked) return;
      if (answer.rows.length === 0 && offset > 0) {
        const last = Math.max(0, Math.ceil(answer.total / PAGE_ROWS) - 1) * PAGE_ROWS;
        if (last < offset) return await this.page(last);
      }
      this.offset = offset;
      this.quarantine = answer;
      this.quarantineProblem = '';
    } catch (problem) {
      if (number === this.#asked) this.quarantineProblem = toApiError(problem).sentence;
    }
  }
}
