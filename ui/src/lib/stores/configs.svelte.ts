// Configs and their changes: what the core lists, one machine in detail, and what may be done with a change.
import { toApiError, type Host } from '~/lib/host';
import type { ChangeDto, ChangeRequestDto, CheckDto, ConfigDetail, DecideRequest } from '~/lib/ipc/bindings';
import type { SessionStore } from './session.svelte';
import { Snapshot } from './snapshot.svelte';

const NO_CHANGES: readonly ChangeDto[] = [];

export class ConfigsStore {
  readonly snapshot: Snapshot<'configs'>;
  /** The machine whose config is open. */
  machine = $state<number | null>(null);
  detail = $state.raw<ConfigDetail | null>(null);
  detailProblem = $state('');
  readonly #host: Host;
  readonly #session: SessionStore;
  #asked = 0;

  constructor(host: Host, session: SessionStore) {
    this.#host = host;
    this.#session = session;
    this.snapshot = new Snapshot(host, 'configs');
  }

  get changes(): readonly ChangeDto[] {
    return this.snapshot.value?.changes ?? NO_CHANGES;
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
