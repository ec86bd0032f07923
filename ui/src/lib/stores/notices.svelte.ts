// Short sentences about what an action came to.
export interface Notice {
  readonly id: number;
  readonly kind: 'info' | 'error';
  readonly text: string;
}

const INFO_STANDS_MS = 6000;
/** More than this would cover the screen; the oldest go. */
const AT_MOST = 4;

export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #next = 1;

  say(text: string): void {
    const id = this.#add('info', text);
    setTimeout(() => this.dismiss(id), INFO_STANDS_MS);
  }

  /** Stands until dismissed. */
  fail(text: string): void {
    this.#add('error', text);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #add(kind: Notice['kind'], text: string): number {
    const id = this.#next++;
    this.list = [...this.list.filter((notice) => notice.text !== text), { id, kind, text }].slice(-AT_MOST);
    return id;
  }
}
