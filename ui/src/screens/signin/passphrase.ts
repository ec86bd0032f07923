// What the passphrase window shows and does.
import { toApiError, type PassphraseHost } from '~/lib/host';
import type { PromptDto } from '~/lib/ipc/bindings';
import { passphrase as english } from '~/lib/words/en/passphrase';
import { pseudoCatalogue } from '~/lib/words/pseudo';

/** Shortest new passphrase that the core takes. */
export const NEW_MINIMUM = 8;

const words =
  new URLSearchParams(location.search).get('locale') === 'pseudo' ? pseudoCatalogue(english) : english;

type Purpose = keyof typeof english.title;
const purposeOf = (name: string): Purpose =>
  Object.hasOwn(english.title, name) ? (name as Purpose) : 'other';

/** What keeps the passphrase from being handed over; empty: nothing. */
export function problemOf(creating: boolean, first: string, again: string): string {
  if (first === '') return words.empty;
  if (!creating) return '';
  if ([...first].length < NEW_MINIMUM) return words.short(NEW_MINIMUM);
  return first === again ? '' : words.differ;
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function passwordField(id: string, label: string, creating: boolean) {
  const input = element('input', { id, type: 'password', spellcheck: false });
  input.setAttribute('autocomplete', creating ? 'new-password' : 'off');
  return { input, row: element('div', { className: 'f' }, element('label', { htmlFor: id }, label), input) };
}

/** A string of the prompt: data, not of the catalogue. */
function raw<T extends HTMLElement>(made: T): T {
  made.setAttribute('data-raw', '');
  return made;
}

function form(prompt: PromptDto, host: PassphraseHost): HTMLFormElement {
  const purpose = purposeOf(prompt.purpose);
  const creating = purpose === 'create_site';
  const first = passwordField('first', creating ? words.labelNew : words.label(prompt.user_name), creating);
  const again = passwordField('again', words.labelAgain, creating);
  const inputs = creating ? [first, again] : [first];
  const problem = element('p', { className: 'problem', id: 'problem' });
  problem.setAttribute('role', 'alert');
  const show = element('button', { type: 'button', className: 'btn show' }, words.show);
  show.setAttribute('aria-pressed', 'false');
  const submit = element('button', { type: 'submit', className: 'btn primary' }, words.submit[purpose]);
  const cancel = element('button', { type: 'button', className: 'btn' }, words.cancel);

  const say = (text: string, at = first.input) => {
    problem.textContent = text;
    for (const { input } of inputs) input.removeAttribute('aria-invalid');
    if (text === '') return;
    at.setAttribute('aria-invalid', 'true');
    at.setAttribute('aria-describedby', 'problem');
    at.focus();
  };
  show.onclick = () => {
    const shown = first.input.type === 'password';
    for (const { input } of inputs) input.type = shown ? 'text' : 'password';
    show.textContent = shown ? words.hide : words.show;
    show.setAttribute('aria-pressed', String(shown));
    first.input.focus();
  };
  cancel.onclick = () => void host.cancel();
  const made = element(
    'form',
    { noValidate: true },
    element('div', { className: creating ? 'fields two' : 'fields' }, ...inputs.map(({ row }) => row)),
    problem,
    element('div', { className: 'buttons' }, submit, cancel, element('span', { className: 'grow' }), show),
  );
  made.onsubmit = async (event) => {
    event.preventDefault();
    const text = first.input.value;
    const wrong = problemOf(creating, text, again.input.value);
    say(wrong, wrong === words.differ ? again.input : first.input);
    if (wrong !== '') return;
    submit.disabled = true;
    try {
      await host.submit({ text });
    } catch (error) {
      const { code, sentence } = toApiError(error);
      for (const { input } of inputs) input.value = '';
      say(code === 'wrong_passphrase' ? words.wrong : sentence);
    } finally {
      submit.disabled = false;
    }
  };
  return made;
}

function body(prompt: PromptDto, host: PassphraseHost): HTMLElement {
  const purpose = purposeOf(prompt.purpose);
  const main = element(
    'main',
    {},
    element(
      'h1',
      {},
      words.title[purpose],
      ' ',
      element('span', { className: 'muted' }, words.as(prompt.user_name)),
    ),
  );
  if (prompt.sentence !== '') {
    main.append(raw(element('p', { className: 'sentence', tabIndex: 0 }, prompt.sentence)));
  }
  if (prompt.hash !== '') {
    const hash = raw(
      element('code', { title: prompt.hash }, `${prompt.hash.slice(0, 8)}…${prompt.hash.slice(-4)}`),
    );
    main.append(element('p', { className: 'muted sm', title: words.hashTitle }, words.record, ' ', hash));
  }
  if (purpose === 'create_site') {
    main.append(element('p', { className: 'muted sm' }, words.rule(NEW_MINIMUM)));
  }
  main.append(form(prompt, host));
  if (prompt.demo_passphrase !== null) {
    const text = raw(element('code', {}, prompt.demo_passphrase));
    main.append(element('p', { className: 'demo sm' }, words.demo, ' ', text));
  }
  return main;
}

/** Asks the host what for, shows it, and hands over what is typed. */
export async function showPassphrase(target: HTMLElement, host: PassphraseHost): Promise<void> {
  document.title = words.windowTitle;
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') void host.cancel();
  });
  try {
    const prompt = await host.prompt();
    if (prompt.theme === 'light' || prompt.theme === 'dark') {
      document.documentElement.dataset.theme = prompt.theme;
    }
    target.replaceChildren(body(prompt, host));
    target.querySelector('input')?.focus();
  } catch (error) {
    target.replaceChildren(
      element(
        'main',
        {},
        element('h1', {}, words.silent),
        raw(element('p', { className: 'muted' }, toApiError(error).sentence)),
      ),
    );
  }
}
