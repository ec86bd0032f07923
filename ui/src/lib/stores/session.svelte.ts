// Who is signed in, and the way to sign in.
import { toApiError, type Host } from '~/lib/host';
import type { UserDto } from '~/lib/ipc/bindings';
import { Snapshot } from './snapshot.svelte';

export class SessionStore {
  readonly snapshot: Snapshot<'session'>;
  /** Whether the sign-in dialog is open. */
  asking = $state(false);
  readonly #host: Host;
  #waiting: ((signedIn: boolean) => void)[] = [];

  constructor(host: Host) {
    this.#host = host;
    this.snapshot = new Snapshot(host, 'session');
  }

  get user(): UserDto | null {
    return this.snapshot.value?.user ?? null;
  }

  get users(): readonly UserDto[] {
    return this.snapshot.value?.users ?? [];
  }

  has(role: string): boolean {
    return this.user?.roles.includes(role) ?? false;
  }

  /** Opens the sign-in dialog; resolves true once somebody has signed in, false if given up. */
  openSignIn(): Promise<boolean> {
    this.asking = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** True at once if somebody is signed in, else after the dialog. */
  async ensureSignedIn(): Promise<boolean> {
    return this.user !== null || this.openSignIn();
  }

  /** The passphrase is asked by the host, in a window of its own. Rejects with an `ApiError`. */
  async signIn(user: string): Promise<void> {
    try {
      await this.#host.call('sign_in', { user });
    } catch (problem) {
      throw toApiError(problem);
    }
    await this.snapshot.refetch();
    this.close(this.user !== null);
  }

  async signOut(): Promise<void> {
    await this.#host.call('sign_out');
    await this.snapshot.refetch();
  }

  /** Closes the dialog and answers those who wait for it. */
  close(signedIn = false): void {
    this.asking = false;
    for (const resolve of this.#waiting.splice(0)) resolve(signedIn);
  }
}
