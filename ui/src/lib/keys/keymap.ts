// The one keymap: handlers and the `?` overlay both read it. What a key does is said by `words.keymap`.
export type KeyScope = 'app' | 'plant' | 'trends' | 'alarms' | 'configs' | 'dialog';

interface KeyEntry {
  readonly scope: KeyScope;
  /** `Ctrl+K`, `Alt+A`, `Shift+A`, `A`, `/`, `ArrowUp`, `Space`. The first is shown beside buttons. */
  readonly chords: readonly string[];
  /** Works also while a dialog is open or a field is being typed in. */
  readonly always?: boolean;
}

export const KEYMAP = {
  'screen.plant': { scope: 'app', chords: ['1'] },
  'screen.trends': { scope: 'app', chords: ['2'] },
  'screen.alarms': { scope: 'app', chords: ['3'] },
  'screen.configs': { scope: 'app', chords: ['4'] },
  'screen.reports': { scope: 'app', chords: ['5'] },
  'screen.settings': { scope: 'app', chords: ['6'] },
  'app.find': { scope: 'app', chords: ['Ctrl+K'] },
  'app.filter': { scope: 'app', chords: ['/'] },
  'app.keys': { scope: 'app', chords: ['?'] },
  'app.mute': { scope: 'app', chords: ['M'] },
  'app.acknowledge_banner': { scope: 'app', chords: ['Alt+A'], always: true },
  'app.retry': { scope: 'app', chords: ['T'] },
  'plant.move': { scope: 'plant', chords: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'] },
  'plant.ends': { scope: 'plant', chords: ['Home', 'End'] },
  'plant.open': { scope: 'plant', chords: ['Enter'] },
  'plant.arrange': { scope: 'plant', chords: ['R'] },
  'plant.shift': {
    scope: 'plant',
    chords: ['Alt+ArrowLeft', 'Alt+ArrowRight', 'Alt+ArrowUp', 'Alt+ArrowDown'],
  },
  'trends.live': { scope: 'trends', chords: ['L'] },
  'trends.pan': { scope: 'trends', chords: ['ArrowLeft', 'ArrowRight'] },
  'trends.zoom': { scope: 'trends', chords: ['+', '-', '='] },
  'trends.ends': { scope: 'trends', chords: ['Home', 'End'] },
  'trends.cursors': { scope: 'trends', chords: ['C'] },
  'trends.pen': { scope: 'trends', chords: ['P'] },
  'trends.back': { scope: 'trends', chords: ['Escape'] },
  'alarms.move': { scope: 'alarms', chords: ['ArrowUp', 'ArrowDown'] },
  'alarms.select': { scope: 'alarms', chords: ['Space'] },
  'alarms.note': { scope: 'alarms', chords: ['N'] },
  'alarms.export': { scope: 'alarms', chords: ['E'] },
  'alarms.acknowledge': { scope: 'alarms', chords: ['A'] },
  'alarms.acknowledge_visible': { scope: 'alarms', chords: ['Shift+A'] },
  'alarms.open': { scope: 'alarms', chords: ['Enter'] },
  'configs.move': { scope: 'configs', chords: ['ArrowUp', 'ArrowDown'] },
  'configs.open': { scope: 'configs', chords: ['Enter'] },
  'configs.back': { scope: 'configs', chords: ['Escape'] },
  'configs.approve': { scope: 'configs', chords: ['Ctrl+Enter'] },
  'configs.reject': { scope: 'configs', chords: ['R'] },
  'dialog.close': { scope: 'dialog', chords: ['Escape'], always: true },
} as const satisfies Record<string, KeyEntry>;

export type ActionId = keyof typeof KEYMAP;
export type KeyHandler = (event: KeyboardEvent) => void;
export type KeyHandlers = Partial<Record<ActionId, KeyHandler>>;

const entry = (id: ActionId): KeyEntry => KEYMAP[id];
export const isAlways = (id: ActionId): boolean => entry(id).always === true;
export const chordsOf = (id: ActionId): readonly string[] => entry(id).chords;

const byChord = new Map<string, ActionId[]>();
for (const id of Object.keys(KEYMAP) as ActionId[]) {
  for (const chord of chordsOf(id)) byChord.set(chord, [...(byChord.get(chord) ?? []), id]);
}
/** Actions that a chord may mean; which of them is bound decides. */
export const actionsOf = (chord: string): readonly ActionId[] => byChord.get(chord) ?? [];

/** The chord of a key event, spelled as in the keymap. */
export function chordOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  // On a sign like `?` Shift is part of how the layout makes it; on letters and named keys it is meant.
  const shift = event.shiftKey && (key.length > 1 || key.toUpperCase() !== key.toLowerCase());
  return [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.altKey ? 'Alt' : '', shift ? 'Shift' : '', key]
    .filter((part) => part !== '')
    .join('+');
}
