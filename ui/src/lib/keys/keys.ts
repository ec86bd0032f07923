// Finds the handler of a key: the layer bound last is asked first; a modal layer hides those under it.
import { actionsOf, chordOf, isAlways, type ActionId, type KeyHandlers } from './keymap';

interface Layer {
  readonly handlers: KeyHandlers;
  readonly modal: boolean;
}

const TYPED_IN =
  'input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]';
const PRESSED = 'button, a[href], summary, [role=menuitem], [role=option]';

export class Keys {
  #layers: Layer[] = [];

  /** Binds handlers until the returned function is called; `modal` hides the layers below. */
  bind(handlers: KeyHandlers, options: { modal?: boolean } = {}): () => void {
    const layer = { handlers, modal: options.modal ?? false };
    this.#layers = [...this.#layers, layer];
    return () => {
      this.#layers = this.#layers.filter((other) => other !== layer);
    };
  }

  /** Whether somebody would answer this action now. */
  isBound(action: ActionId): boolean {
    return this.#layers.some((layer) => layer.handlers[action] !== undefined);
  }

  /** Runs an action as if its key had been pressed (for the finder). */
  run(action: ActionId): void {
    this.#find(action, false)?.(new KeyboardEvent('keydown'));
  }

  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const chord = chordOf(event);
    const target = event.target instanceof Element ? event.target : null;
    const within = (selector: string) => (target?.closest(selector) ?? null) !== null;
    const typing = within(TYPED_IN);
    // A focused button keeps Enter and Space for itself.
    if ((chord === 'Enter' || chord === 'Space') && within(PRESSED)) return;
    for (const action of actionsOf(chord)) {
      const passes = isAlways(action) || chord.startsWith('Ctrl+') || chord.startsWith('Alt+');
      if (typing && !passes) continue;
      const handler = this.#find(action, true);
      if (!handler) continue;
      event.preventDefault();
      handler(event);
      return;
    }
  }

  #find(action: ActionId, heedModal: boolean) {
    for (const layer of [...this.#layers].reverse()) {
      const handler = layer.handlers[action];
      if (handler) return handler;
      if (heedModal && layer.modal && !isAlways(action)) return undefined;
    }
    return undefined;
  }
}
