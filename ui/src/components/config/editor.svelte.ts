// One machine's form while somebody edits it: what is typed, what it makes of the config, what the core says to it.
import { toApiError } from '~/lib/host';
import type { CheckDto, ConfigDetail } from '~/lib/ipc/bindings';
import { words } from '~/lib/words';
import { configOf, diffOf, type Config } from './diff';
import { numberText, readTexts, textsOf, type Texts } from './draft';
import type { Field } from './schema';

/** The core is asked when typing has paused for so long. */
export const CHECK_AFTER_MS = 300;
/** Longest reason that the core takes. */
export const REASON_MAX = 2000;

/** What is typed and not requested, as it is kept over a restart. */
export interface Draft {
  readonly texts: Texts;
  readonly reason: string;
  /** What the form was filled from. */
  readonly desired: unknown;
  readonly version: number | null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Check = (machine: number, config: unknown) => Promise<CheckDto>;

export class Editor {
  readonly machine: number;
  readonly fields: readonly Field[];
  /** As the core tells it now. */
  detail = $state.raw<ConfigDetail>() as ConfigDetail;
  /** What the form was filled from: the request builds on its version. */
  base = $state.raw<ConfigDetail>() as ConfigDetail;
  texts = $state.raw<Texts>({});
  reason = $state('');
  checked = $state.raw<{ config: Config; answer: CheckDto } | null>(null);
  checkProblem = $state('');
  readonly reading = $derived.by(() => readTexts(this.fields, this.texts, this.#values(this.base)));
  readonly changes = $derived.by(() =>
    diffOf(this.fields, configOf(this.#values(this.base)), this.reading.config),
  );
  readonly #check: Check;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(detail: ConfigDetail, fields: readonly Field[], check: Check) {
    this.machine = detail.machine;
    this.fields = fields;
    this.detail = detail;
    this.base = detail;
    this.texts = textsOf(fields, configOf(this.#values(detail)));
    this.#check = check;
  }

  /** What is desired; where nothing was ever sent, what the machine reports. */
  #values(detail: ConfigDetail): unknown {
    return detail.desired ?? detail.reported;
  }

  get dirty(): boolean {
    return this.changes.length > 0 || Object.keys(this.reading.problems).length > 0;
  }

  /** Whether the desired version has moved on since the editing began. */
  get outrun(): boolean {
    return this.detail.desired_version !== this.base.desired_version;
  }

  /** Sentence by field name: of the form itself first, else of the core. */
  get problems(): Readonly<Record<string, string>> {
    const answered = this.current?.problems ?? [];
    const fromCore = Object.fromEntries(answered.map(({ field, sentence }) => [field, sentence]));
    return { ...fromCore, ...this.reading.problems };
  }

  /** The core's answer, if it is about what the form says now. */
  get current(): CheckDto | null {
    return this.checked?.config === this.reading.config ? this.checked.answer : null;
  }

  /** May be sent as far as the values go. */
  get ready(): boolean {
    return this.changes.length > 0 && this.current !== null && Object.keys(this.problems).length === 0;
  }

  /** A newer detail; what is being typed stays. */
  take(detail: ConfigDetail): void {
    const fresh = !this.dirty;
    this.detail = detail;
    if (fresh) this.discard();
  }

  type(field: string, at: number, text: string): void {
    const before = this.texts[field] ?? [];
    this.texts = { ...this.texts, [field]: Object.assign([...before], { [at]: text }) };
    this.#checkSoon();
  }

  /** Done with a field: a number is shown as it will be sent, also if typed with the other decimal sign. */
  settle(name: string, at: number): void {
    const field = this.fields.find((each) => each.name === name);
    if (field?.kind !== 'number' || this.reading.problems[name] !== undefined) return;
    const value = this.reading.config[name];
    const shown = numberText(Array.isArray(value) ? value[at] : value, field);
    if (shown !== '' && shown !== this.texts[name]?.[at]) this.type(name, at, shown);
  }

  /** To be kept over a restart; null: nothing is typed. */
  get draft(): Draft | null {
    if (!this.dirty) return null;
    const { texts, reason } = this;
    return { texts, reason, desired: this.base.desired, version: this.base.desired_version };
  }

  /** Takes up what was kept; what no longer fits the fields is left out. */
  restore(kept: unknown): void {
    if (!isObject(kept) || !isObject(kept.texts)) return;
    const version = typeof kept.version === 'number' ? kept.version : null;
    this.base = { ...this.detail, desired: kept.desired ?? null, desired_version: version };
    const texts: Record<string, readonly string[]> = {
      ...textsOf(this.fields, configOf(this.#values(this.base))),
    };
    for (const [name, typed] of Object.entries(kept.texts)) {
      const fits = Array.isArray(typed) && typed.length === texts[name]?.length;
      if (fits && typed.every((each): each is string => typeof each === 'string')) texts[name] = typed;
    }
    this.texts = texts;
    this.reason = typeof kept.reason === 'string' ? kept.reason : '';
    this.#checkSoon();
  }

  /** Fills the form with the values of another config, as of an earlier version. */
  propose(config: unknown): void {
    this.texts = textsOf(this.fields, configOf(config));
    this.#checkSoon();
  }

  discard(): void {
    clearTimeout(this.#timer);
    this.base = this.detail;
    this.texts = textsOf(this.fields, configOf(this.#values(this.detail)));
    this.reason = '';
    this.checked = null;
    this.checkProblem = '';
  }

  #checkSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.checkNow(), CHECK_AFTER_MS);
  }

  async checkNow(): Promise<void> {
    const { config, problems } = this.reading;
    if (this.changes.length === 0 || Object.keys(problems).length > 0) return;
    const number = ++this.#asked;
    try {
      const answer = await this.#check(this.machine, config);
      if (number !== this.#asked) return;
      this.checked = { config, answer };
      this.checkProblem = '';
    } catch (problem) {
      if (number === this.#asked) {
        this.checkProblem = words.configs.problem.check(toApiError(problem).sentence);
      }
    }
  }
}
