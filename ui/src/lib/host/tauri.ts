// The desktop's host: Tauri's IPC.
import { Channel, invoke } from '@tauri-apps/api/core';
import type { Changed } from '~/lib/ipc/bindings';
import { toApiError, type CommandName, type Host, type PassphraseHost, type ResponseOf } from '.';

/** Invokes and turns any failure into an `ApiError`. */
async function ask<T>(command: string, payload?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, payload);
  } catch (problem) {
    throw toApiError(problem);
  }
}

/** Subscribes a channel; the core drops it with the window, so leaving only silences it here. */
function subscribe<T>(command: string, callback: (message: T) => void): () => void {
  let open = true;
  const channel = new Channel<T>();
  channel.onmessage = (message) => {
    if (open) callback(message);
  };
  void ask<void>(command, { channel });
  return () => {
    open = false;
  };
}

export function openTauriHost(): Host {
  return {
    call<K extends CommandName>(name: K, ...request: unknown[]): Promise<ResponseOf<K>> {
      // Trends answer raw bytes, so they have a command of their own; all the others share one.
      if (name === 'trend') return ask('trend', { request: request[0] });
      return ask('call', { name, request: request[0] ?? null });
    },
    onLive: (callback) => subscribe<ArrayBuffer>('subscribe_live', callback),
    onChanged: (callback) => subscribe<Changed>('subscribe_changed', callback),
  };
}

export function openTauriPassphraseHost(): PassphraseHost {
  return {
    prompt: () => ask('passphrase_prompt'),
    submit: (request) => ask('passphrase_submit', { request }),
    cancel: () => ask('passphrase_cancel'),
  };
}
