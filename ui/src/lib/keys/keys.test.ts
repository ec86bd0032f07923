import { beforeEach, expect, test, vi } from 'vitest';
import { chordOf, Keys } from '.';

const key = (value: string, more: Partial<KeyboardEventInit> = {}) =>
  new KeyboardEvent('keydown', { key: value, bubbles: true, cancelable: true, ...more });

beforeEach(() => document.body.replaceChildren());

test('chords are spelled as in the keymap, on every layout', () => {
  expect(chordOf(key('a'))).toBe('A');
  expect(chordOf(key('A', { shiftKey: true }))).toBe('Shift+A');
  expect(chordOf(key('?', { shiftKey: true }))).toBe('?');
  expect(chordOf(key(' '))).toBe('Space');
  expect(chordOf(key('k', { metaKey: true }))).toBe('Ctrl+K');
  expect(chordOf(key('ArrowLeft', { altKey: true }))).toBe('Alt+ArrowLeft');
});

test('the layer bound last answers, and leaves its keys when it goes', () => {
  const keys = new Keys();
  const [below, above] = [vi.fn(), vi.fn()];
  keys.bind({ 'app.mute': below });
  const unbind = keys.bind({ 'app.mute': above });
  keys.handle(key('m'));
  unbind();
  keys.handle(key('m'));
  expect(above).toHaveBeenCalledOnce();
  expect(below).toHaveBeenCalledOnce();
});

test('under a dialog only what always works still does', () => {
  const keys = new Keys();
  const [mute, acknowledge] = [vi.fn(), vi.fn()];
  keys.bind({ 'app.mute': mute, 'app.acknowledge_banner': acknowledge });
  keys.bind({}, { modal: true });
  keys.handle(key('m'));
  keys.handle(key('a', { altKey: true }));
  expect(mute).not.toHaveBeenCalled();
  expect(acknowledge).toHaveBeenCalledOnce();
});

test('what is typed into a field is no command, and a focused button keeps Enter and Space', () => {
  const keys = new Keys();
  const [select, open, acknowledge] = [vi.fn(), vi.fn(), vi.fn()];
  keys.bind({ 'alarms.select': select, 'alarms.open': open, 'app.acknowledge_banner': acknowledge });
  window.addEventListener('keydown', (event) => keys.handle(event), { once: false });
  const [field, button] = [document.createElement('input'), document.createElement('button')];
  document.body.append(field, button);
  field.dispatchEvent(key(' '));
  button.dispatchEvent(key('Enter'));
  expect(select).not.toHaveBeenCalled();
  expect(open).not.toHaveBeenCalled();
  field.dispatchEvent(key('a', { altKey: true }));
  expect(acknowledge).toHaveBeenCalledOnce();
  document.body.dispatchEvent(key('Enter'));
  expect(open).toHaveBeenCalledOnce();
});
