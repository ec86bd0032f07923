// What the change protocol needs a person for and what a change waits for, in sentences that say what to do.
import type { ConfigNotice, ConfigWait, PublisherDto } from '~/lib/ipc/bindings';
import { words } from '~/lib/words';

type Sentence = string | ((...of: never[]) => string);
const plain = (code: string) => code.replaceAll('_', ' ');

function found(table: Readonly<Record<string, Sentence>>, code: string, ...of: unknown[]): string {
  const sentence = Object.hasOwn(table, code) ? table[code] : undefined;
  if (sentence === undefined) return plain(code);
  return typeof sentence === 'string' ? sentence : sentence(...(of as never[]));
}

export const noticeSentence = ({
  code,
  name,
  version,
}: Pick<ConfigNotice, 'code' | 'name' | 'version'>): string =>
  found(words.configs.notice, code, name, version);

/** Why this station does not publish, or that it does. */
export const standsSentence = ({ stands }: Pick<PublisherDto, 'stands'>): string =>
  found(words.configs.stands, stands);

/** @param publisher of this station, where the change waits for an epoch of its own */
export function waitSentence(
  { code, version }: Pick<ConfigWait, 'code' | 'version'>,
  publisher: Pick<PublisherDto, 'stands'> | null,
): string {
  if (code === 'epoch')
    return publisher === null ? words.configs.publisher.closed : standsSentence(publisher);
  return found(words.configs.wait, code, version);
}
