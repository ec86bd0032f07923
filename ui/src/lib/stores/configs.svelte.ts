// Configs and their changes.
import type { Host } from '~/lib/host';
import { Snapshot } from './snapshot.svelte';

export class ConfigsStore {
  readonly snapshot: Snapshot<'configs'>;

  constructor(host: Host) {
    this.snapshot = new Snapshot(host, 'configs');
  }

  /** Changes that the signed-in user may decide now. */
  get awaitingMe(): number {
    return this.snapshot.value?.changes.filter((change) => change.may_decide).length ?? 0;
  }
}
