// What came of asking for a signature, as a sentence in place.
import type { ApiError } from '~/lib/ipc/bindings';
import { words } from '~/lib/words';

export function errorSentence({ code, sentence }: ApiError): string {
  const say = words.configs.error;
  if (code === 'cancelled') return say.cancelled;
  if (code === 'wrong_passphrase') return say.wrong_passphrase;
  return say.other(sentence);
}
