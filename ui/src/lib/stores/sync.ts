// Keeps snapshots in step with the core: each notice names the domains that changed; a gap means all of them.
import type { Changed, Domain } from '~/lib/ipc/bindings';

type Refetch = () => Promise<void>;

/** Notices that come closer together than this are answered by one request a domain. */
export const COALESCE_MS = 50;

export class Sync {
  readonly #refetches = new Map<Domain, Refetch[]>();
  readonly #due = new Set<Domain>();
  #last: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  register(domain: Domain, refetch: Refetch): void {
    this.#refetches.set(domain, [...(this.#refetches.get(domain) ?? []), refetch]);
  }

  /** Everything, at once: at the start and after a gap. */
  all(): void {
    for (const domain of this.#refetches.keys()) this.#due.add(domain);
    this.#flush();
  }

  onChanged(changed: Changed): void {
    const gap = this.#last !== null && changed.number !== this.#last + 1;
    this.#last = changed.number;
    for (const domain of gap ? this.#refetches.keys() : changed.domains) this.#due.add(domain);
    this.#timer ??= setTimeout(() => this.#flush(), COALESCE_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const due = [...this.#due];
    this.#due.clear();
    for (const domain of due) for (const refetch of this.#refetches.get(domain) ?? []) void refetch();
  }
}
