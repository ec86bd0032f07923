// Configs and their changes: what the core lists, one machine in detail, and what may be done with a change.
import { isUnderWay } from '~/lib/change-state';
import { toApiError, type Host } from '~/lib/host';
import type {
  ChangeDto,
  ChangeRequestDto,
  CheckDto,
  ConfigDetail,
  ConfigNotice,
  DecideRequest,
} from '~/lib/ipc/bindings';
import type { SessionStore } from './session.svelte';
import { Snapshot } from './snapshot.svelte';

const NO_NOTICES: readonly ConfigNotice[] = [];
/** Closed changes asked for at a time. */
const PAGE = 100;

export class ConfigsStore {
  readonly snapshot: Snapshot<'configs'>;
  /** The machine whose config is open. */
  machine = $state<number | null>(null);
  detail = $state.raw<ConfigDetail | null>(null);
  detailProblem = $state('');
  /** Changes listed when older ones were asked for, and those; what the core lists now comes before. */
  #kept = $state.raw<readonly ChangeDto[]>([]);
  /** Whether there are changes older than those kept; null: none were asked for yet. */
  #moreBefore = $state<boolean | null>(null);
  readonly #host: Host;
  readonly #session: SessionStore;
  #asked = 0;

  constructor(host: Host, session: SessionStore) {
    this.#host = host;
    this.#session = session;
    this.snapshot = new Snapshot(host, 'configs');
  }

  /** Newest first: all that are open, and the closed ones as far back as they were asked for. */
  readonly changes: readonly ChangeDto[] = $derived.by(() => {
    const listed = this.snapshot.value?.changes ?? [];
    const known = new Set(listed.map((change) => change.request));
    const rest = this.#kept.filter((change) => !known.has(change.request));
    return [...listed, ...rest].sort((a, b) => b.requested_ms - a.requested_ms);
  });

  /** Whether there are changes older than these. */
  get more(): boolean {
    return this.#moreBefore ?? this.snapshot.value?.more ?? false;
  }

  get notices(): readonly ConfigNotice[] {
    return this.snapshot.value?.notices ?? NO_NOTICES;
  }

  /** Those about one machine. */
  noticesOf(machine: number | null): readonly ConfigNotice[] {
    return this.notices.filter((notice) => notice.machine === machine);
  }

  /** Asks for a page of older changes. Rejects with an `ApiError`. */
  async older(): Promise<void> {
    const last = this.changes.findLast((change) => !isUnderWay(change.state));
    if (last === undefined) return;
    const page = await this.#host.call('changes_before', { before: last.request, limit: PAGE });
    const known = new Set(page.changes.map((change) => change.request));
    this.#kept = [...this.changes.filter((change) => !known.has(change.request)), ...page.changes];
    this.#moreBefore = page.more;
  }

  /** Changes that await an approval, oldest first: who waits longest comes first. */
  get requested(): readonly ChangeDto[] {
    return this.changes.filter((change) => change.state === 'requested').reverse();
  }

  /** Of them those that the signed-in user may decide; all of them while nobody is signed in. */
  get awaitingMe(): number {
    const { requested } = this;
    return this.#session.user === null
      ? requested.length
      : requested.filter((change) => change.may_decide).length;
  }

  /** Changes of one machine, newest first. */
  of(machine: number): readonly ChangeDto[] {
    return this.changes.filter((change) => change.machines.some((each) => each.machine === machine));
  }

  /** The snapshot, and the open machine's detail with it. */
  async refetch(): Promise<void> {
    await Promise.all([this.snapshot.refetch(), this.#refetchDetail()]);
  }

  async open(machine: number): Promise<void> {
    if (this.machine !== machine) {
      this.machine = machine;
      this.detail = null;
    }
    await this.#refetchDetail();
  }

  async #refetchDetail(): Promise<void> {
    const { machine } = this;
    if (machine === null) return;
    const number = ++this.#asked;
    try {
      const detail = await this.#host.call('config_detail', machine);
      if (number !== this.#asked) return;
      this.detail = detail;
      this.detailProblem = '';
    } catch (problem) {
      if (number === this.#asked) this.detailProblem = toApiError(problem).sentence;
    }
  }

  check(machine: number, config: unknown): Promise<CheckDto> {
    return this.#host.call('config_check', { machine, config });
  }

  /** The host asks the passphrase in a window of its own. Resolves to the request's hash; rejects with an `ApiError`. */
  async request(request: ChangeRequestDto): Promise<string> {
    const hash = await this.#host.call('change_request', request);
    await this.refetch();
    return hash;
  }

  /** As `request`. */
  async decide(request: DecideRequest): Promise<void> {
    await this.#host.call('change_decide', request);
    await this.refetch();
  }
}
