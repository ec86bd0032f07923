// A snapshot of one thing the core owns: fetched whole, never patched here.
import { toApiError, type CommandName, type Host, type RequestArgs, type ResponseOf } from '~/lib/host';
import type { ApiError } from '~/lib/ipc/bindings';

export class Snapshot<K extends CommandName> {
  value = $state.raw<ResponseOf<K> | null>(null);
  problem = $state.raw<ApiError | null>(null);
  readonly #host: Host;
  readonly #name: K;
  readonly #request: () => RequestArgs<K>;
  #asked = 0;
  #shown = 0;

  constructor(host: Host, name: K, ...request: RequestArgs<K>) {
    this.#host = host;
    this.#name = name;
    this.#request = () => request;
  }

  /** Asks again; an answer older than the one shown is dropped. */
  async refetch(): Promise<void> {
    const number = ++this.#asked;
    try {
      const value = await this.#host.call(this.#name, ...this.#request());
      if (number < this.#shown) return;
      this.#shown = number;
      this.value = value;
      this.problem = null;
    } catch (problem) {
      if (number < this.#shown) return;
      this.#shown = number;
      this.problem = toApiError(problem);
    }
  }
}
