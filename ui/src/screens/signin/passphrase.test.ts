import { describe, expect, it, vi } from 'vitest';
import type { PassphraseHost } from '~/lib/host';
import type { PromptDto } from '~/lib/ipc/bindings';
import { NEW_MINIMUM, problemOf, showPassphrase } from './passphrase';

const prompt: PromptDto = {
  purpose: 'approve',
  user_name: 'Approver 1',
  sentence: 'Pan 05 takes 46.4 °C.',
  hash: 'ab'.repeat(32),
  theme: 'dark',
  demo_passphrase: null,
};

async function open(more: Partial<PromptDto> = {}, submit: PassphraseHost['submit'] = async () => undefined) {
  const host = {
    prompt: async () => ({ ...prompt, ...more }),
    submit: vi.fn(submit),
    cancel: vi.fn(async () => undefined),
  };
  const target = document.body.appendChild(document.createElement('div'));
  await showPassphrase(target, host);
  const fields = [...target.querySelectorAll('input')];
  const send = async () => {
    target.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    // The page goes on when the host has answered.
    await Promise.allSettled(host.submit.mock.results.map((answer) => answer.value));
    await Promise.resolve();
  };
  const type = (...texts: string[]) =>
    texts.forEach((text, at) => Object.assign(fields[at] ?? {}, { value: text }));
  return { host, target, fields, send, type, says: () => target.querySelector('[role=alert]')?.textContent };
}

describe('passphrase window', () => {
  it('hands over what is typed, once, and wears the theme of the main window', async () => {
    const { host, target, send, type } = await open();
    expect(document.documentElement.dataset.theme).toBe('dark');
    expect(target.textContent).toContain('Pan 05 takes 46.4 °C.');
    expect(target.textContent).toContain('abababab…abab');
    type('copper kettle seven');
    await send();
    expect(host.submit).toHaveBeenCalledExactlyOnceWith({ text: 'copper kettle seven' });
  });

  it('stays open after a wrong one, says so, clears and focuses the field', async () => {
    const { fields, send, type, says } = await open({}, () =>
      Promise.reject({ code: 'wrong_passphrase', sentence: 'x' }),
    );
    type('wrong');
    await send();
    expect(says()).toBe('That is not the passphrase. Try again.');
    expect(fields[0]?.value).toBe('');
    expect(document.activeElement).toBe(fields[0]);
  });

  it('gives up by Escape', async () => {
    const { host } = await open();
    dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    expect(host.cancel).toHaveBeenCalled();
  });

  it('asks a new one twice and states the rule', async () => {
    const { host, target, fields, send, type, says } = await open({ purpose: 'create_site' });
    expect(fields).toHaveLength(2);
    expect(target.textContent).toContain(`At least ${NEW_MINIMUM} characters.`);
    type('long enough', 'long enoug');
    await send();
    expect(says()).toBe('The two are not the same.');
    expect(host.submit).not.toHaveBeenCalled();
    type('long enough', 'long enough');
    await send();
    expect(host.submit).toHaveBeenCalledExactlyOnceWith({ text: 'long enough' });
  });

  it('counts characters as people do', () => {
    expect(problemOf(true, '🙂🙂🙂🙂', '🙂🙂🙂🙂')).toContain('8');
    expect(problemOf(true, '🙂'.repeat(8), '🙂'.repeat(8))).toBe('');
    expect(problemOf(false, '', '')).not.toBe('');
    expect(problemOf(false, 'x', '')).toBe('');
  });
});
