// What is typed on the first-start page, and the requests it makes.
import { parseNumber } from '~/lib/format';
import type { SourceSetup } from '~/lib/ipc/bindings';
import { words } from '~/lib/words';

export interface SetupTexts {
  site: string;
  user: string;
  host: string;
  port: string;
  username: string;
  password: string;
  topics: string;
}
export type SetupField = keyof SetupTexts;
export type SetupProblems = Partial<Record<SetupField, string>>;

const PORT_MAX = 65_535;

/** A topic filter as MQTT allows it: `+` a whole level, `#` a whole level and the last. */
export function isTopicFilter(topic: string): boolean {
  const levels = topic.split('/');
  return (
    topic !== '' &&
    levels.every(
      (level, at) =>
        (!level.includes('+') || level === '+') &&
        (!level.includes('#') || (level === '#' && at === levels.length - 1)),
    )
  );
}

export const topicsOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export function portOf(text: string): number | null {
  const port = parseNumber(text);
  return port !== null && Number.isInteger(port) && port >= 1 && port <= PORT_MAX ? port : null;
}

/** What keeps a source from being tried. */
export function sourceProblems(texts: SetupTexts): SetupProblems {
  const say = words.firststart.need;
  const problems: SetupProblems = {};
  const host = texts.host.trim();
  if (host === '') problems.host = say.host;
  else if (/[/\s]|:\/\//.test(host)) problems.host = say.hostScheme;
  if (portOf(texts.port) === null) problems.port = say.port;
  const wrong = topicsOf(texts.topics).find((topic) => !isTopicFilter(topic));
  if (wrong !== undefined) problems.topics = say.topic(wrong);
  return problems;
}

/** What keeps a site from being created. */
export function siteProblems(texts: SetupTexts): SetupProblems {
  const say = words.firststart.need;
  const problems: SetupProblems = {};
  if (texts.site.trim() === '') problems.site = say.site;
  if (texts.user.trim() === '') problems.user = say.user;
  return problems;
}

const textOrNull = (text: string) => (text === '' ? null : text);

/** The source as typed; only for texts without problems. */
export function sourceOf(texts: SetupTexts): SourceSetup {
  return {
    name: words.firststart.sourceName,
    host: texts.host.trim(),
    port: portOf(texts.port) ?? 0,
    username: textOrNull(texts.username.trim()),
    password: textOrNull(texts.password),
    topics: [...topicsOf(texts.topics)],
  };
}
