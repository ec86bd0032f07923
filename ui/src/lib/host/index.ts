// The one door to the core. Everything else of the user interface sees only this interface.
import type { ApiError, Changed, Commands, ErrorCode, PassphraseDto, PromptDto } from '~/lib/ipc/bindings';

export type CommandName = keyof Commands;
export type RequestOf<K extends CommandName> = Commands[K]['request'];
export type ResponseOf<K extends CommandName> = Commands[K]['response'];
/** Commands without a request take no second argument. */
export type RequestArgs<K extends CommandName> = [RequestOf<K>] extends [void] ? [] : [RequestOf<K>];
export type Unsubscribe = () => void;

export interface Host {
  /** Rejects with an `ApiError`, whatever went wrong. */
  call<K extends CommandName>(name: K, ...request: RequestArgs<K>): Promise<ResponseOf<K>>;
  /** Binary live frames, see `lib/ipc/frames`. */
  onLive(callback: (frame: ArrayBuffer) => void): Unsubscribe;
  /** Which snapshots are out of date. */
  onChanged(callback: (changed: Changed) => void): Unsubscribe;
}

/** What the separate passphrase window may do, and nothing else. */
export interface PassphraseHost {
  prompt(): Promise<PromptDto>;
  /** Resolves when accepted (the host then closes the window); rejects with an `ApiError`. */
  submit(passphrase: PassphraseDto): Promise<void>;
  cancel(): Promise<void>;
}

/** Turns whatever a transport throws into an `ApiError`. */
export function toApiError(problem: unknown): ApiError {
  if (typeof problem === 'object' && problem !== null && 'code' in problem && 'sentence' in problem) {
    return { code: problem.code as ErrorCode, sentence: String(problem.sentence) };
  }
  return { code: 'internal', sentence: problem instanceof Error ? problem.message : String(problem) };
}

const inTauri = () => '__TAURI_INTERNALS__' in window;

/** The host of this window: the desktop's core, or where the build allows it an invented plant. */
export async function openHost(): Promise<Host> {
  if (!inTauri() && __FAKE_HOST__) {
    const { openFakeHost } = await import('./fake');
    return openFakeHost(new URLSearchParams(location.search));
  }
  const { openTauriHost } = await import('./tauri');
  return openTauriHost();
}

/** The host of the passphrase window. */
export async function openPassphraseHost(): Promise<PassphraseHost> {
  if (!inTauri() && __FAKE_HOST__) {
    const { openFakePassphraseHost } = await import('./fake/passphrase');
    return openFakePassphraseHost(new URLSearchParams(location.search));
  }
  const { openTauriPassphraseHost } = await import('./tauri');
  return openTauriPassphraseHost();
}
