// The Configs screen's state: what is selected, what is being typed. It outlives the screen, so that a look at a trend
// in the middle of a proposal costs nothing.
import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { configOf, diffOf, sameValue, type FieldDiff } from '~/components/config/diff';
import { CHECK_AFTER_MS, Editor } from '~/components/config/editor.svelte';
import { fieldsOfClass } from '~/components/config/fields';
import type { Field } from '~/components/config/schema';
import { isUnderWay } from '~/lib/change-state';
import type { ChangeDto, ConfigRow, JsonValue } from '~/lib/ipc/bindings';
import type { App } from '~/lib/stores';

export const TABS = ['machines', 'approvals', 'history'] as const;
export type Tab = (typeof TABS)[number];

/** What is typed and not requested is kept under this name, over a restart. */
const DRAFTS = 'configs.drafts';

export class Bench {
  tab = $state<Tab>('machines');
  filter = $state('');
  /** Machine open on the first tab. */
  machine = $state<number | null>(null);
  /** Change open on the second tab. */
  change = $state<string | null>(null);
  /** Change whose timeline is shown under the form; null: the machine's newest. */
  shown = $state<string | null>(null);
  /** Machines for which a proposal is edited beside a pending change. */
  editing = $state.raw<ReadonlySet<number>>(new Set());
  editor = $state.raw<Editor | null>(null);
  readonly #app: App;
  readonly #editors = new SvelteMap<number, Editor>();
  /** By request: what the core finds wrong with its config, sentence by field. */
  readonly #found = new SvelteMap<string, Readonly<Record<string, string>>>();
  #keeping: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  get rows(): readonly ConfigRow[] {
    const all = this.#app.configs.snapshot.value?.machines ?? [];
    return this.tab === 'machines' ? all.filter((row) => this.#matches(row.name, row.brief.state)) : all;
  }

  get requested(): readonly ChangeDto[] {
    return this.#app.configs.requested.filter((change) => this.#matchesChange(change));
  }

  get history(): readonly ChangeDto[] {
    return this.#app.configs.changes.filter((change) => this.#matchesChange(change));
  }

  /** The change that awaits approval at the open machine, unless a proposal of one's own is edited. */
  get pending(): ChangeDto | null {
    const { machine } = this;
    if (machine === null || this.editing.has(machine)) return null;
    return this.#app.configs.of(machine).find((change) => change.state === 'requested') ?? null;
  }

  get openChange(): ChangeDto | null {
    const { requested } = this;
    return requested.find((change) => change.request === this.change) ?? requested[0] ?? null;
  }

  /** How many are as desired, on the way, to look at, and without a config from here. */
  get sums(): [sync: number, way: number, look: number, own: number] {
    const { configs } = this.#app;
    const rows = configs.snapshot.value?.machines ?? [];
    const needed = rows.filter((row) => configs.noticesOf(row.machine).length > 0);
    const states = rows.filter((row) => !needed.includes(row)).map((row) => row.brief.state);
    const sync = states.filter((state) => state === 'in_sync' || state === 'applied').length;
    const way = states.filter(isUnderWay).length;
    const own = states.filter((state) => state === 'nothing_desired').length;
    return [sync, way, rows.length - sync - way - own, own];
  }

  fieldsOf(machine: number): readonly Field[] {
    const classId = this.#app.plant.machine(machine)?.dto.class_id ?? null;
    return fieldsOfClass(this.#app.hello.value?.classes ?? [], classId);
  }

  diffsOf(change: ChangeDto): readonly FieldDiff[] {
    const fields = this.fieldsOf(change.machines[0]?.machine ?? -1);
    return diffOf(fields, configOf(change.base_config), configOf(change.config));
  }

  open(machine: number): void {
    this.machine = machine;
    this.shown = null;
    this.editor = this.#editors.get(machine) ?? null;
    void this.#app.configs.open(machine);
  }

  /** Takes a machine's detail as it comes; what is being typed stays. */
  take(): void {
    const { detail } = this.#app.configs;
    const classes = this.#app.hello.value?.classes;
    if (!detail || !classes || detail.machine !== this.machine) return;
    untrack(() => {
      const known = this.#editors.get(detail.machine);
      if (known && known.fields.length > 0) {
        if (known.detail !== detail) known.take(detail);
      } else {
        const fields = fieldsOfClass(classes, detail.class_id);
        const check = (machine: number, config: unknown) => this.#app.configs.check(machine, config);
        const editor = new Editor(detail, fields, check);
        editor.restore(this.#kept[String(detail.machine)]);
        this.#editors.set(detail.machine, editor);
      }
      this.editor = this.#editors.get(detail.machine) ?? null;
    });
  }

  /** Drafts as the core keeps them. */
  get #kept(): Readonly<Record<string, unknown>> {
    return configOf(this.#app.settings.values[DRAFTS]);
  }

  /** All drafts: those of the forms opened since the start, and of the others as they were kept. */
  get #drafts(): Readonly<Record<string, unknown>> {
    const open = [...this.#editors].map(([machine, editor]) => [String(machine), editor.draft] as const);
    const all = { ...this.#kept, ...Object.fromEntries(open) };
    return Object.fromEntries(Object.entries(all).filter(([, draft]) => draft !== null));
  }

  isEdited(machine: number): boolean {
    const editor = this.#editors.get(machine);
    return editor ? editor.dirty : Object.hasOwn(this.#kept, String(machine));
  }

  /** Has what is typed kept once typing has paused. */
  keep(): void {
    const drafts = this.#drafts;
    const { settings, hello } = this.#app;
    clearTimeout(this.#keeping);
    if (sameValue(drafts, this.#kept) || (hello.value?.read_only ?? true)) return;
    const save = () => this.#app.attempt(() => settings.set(DRAFTS, drafts as JsonValue));
    this.#keeping = setTimeout(() => void save(), CHECK_AFTER_MS);
  }

  problemsOf(change: ChangeDto | null): Readonly<Record<string, string>> {
    return (change && this.#found.get(change.request)) ?? {};
  }

  /** Has the core check a requested config once: the record may come from a station that does not. */
  async examine(change: ChangeDto | null): Promise<void> {
    const machine = change?.machines[0]?.machine;
    if (!change || machine === undefined || untrack(() => this.#found.has(change.request))) return;
    try {
      const { problems } = await this.#app.configs.check(machine, change.config);
      this.#found.set(
        change.request,
        Object.fromEntries(problems.map(({ field, sentence }) => [field, sentence])),
      );
    } catch {
      // Of a class that is not known here: the core says so when it is approved.
    }
  }

  edit(machine: number, on: boolean): void {
    const editing = new Set(this.editing);
    if (on) editing.add(machine);
    else editing.delete(machine);
    this.editing = editing;
  }

  /** Moves the selection of the list that is shown. */
  move(by: number): void {
    if (this.tab === 'machines') {
      const names = this.rows.map((row) => row.machine);
      const to = step(names, this.machine, by);
      if (to !== undefined) this.open(to);
    } else if (this.tab === 'approvals') {
      const names = this.requested.map((change) => change.request);
      this.change = step(names, this.openChange?.request ?? null, by) ?? this.change;
    }
  }

  #matches(...texts: readonly string[]): boolean {
    const wanted = this.filter.trim().toLowerCase();
    return wanted === '' || texts.some((text) => text.toLowerCase().includes(wanted));
  }

  #matchesChange(change: ChangeDto): boolean {
    const { author, reason, state, request, station } = change;
    const names = change.machines.flatMap((machine) => [machine.name, machine.version ?? '']);
    return this.#matches(author, reason, state, request, station, ...names);
  }
}

function step<T>(list: readonly T[], now: T | null, by: number): T | undefined {
  const at = now === null ? -1 : list.indexOf(now);
  return list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + by))];
}

const benches = new WeakMap<App, Bench>();
export function benchOf(app: App): Bench {
  let bench = benches.get(app);
  if (!bench) benches.set(app, (bench = new Bench(app)));
  return bench;
}
