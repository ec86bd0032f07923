// The passphrase window without a host: any passphrase but `wrong` is taken.
import type { PassphraseHost } from '..';

/** Purposes under which no record is signed. */
const WITHOUT_RECORD = ['sign_in', 'create_site'];

const CONFIG = 'temperature setpoint 46.0 → 46.4 °C';
/** As the core puts them: each intent has its own. */
const SENTENCES: Readonly<Record<string, string>> = {
  request: `This asks for approval of a new config for Pan 05: ${CONFIG}. Nothing is sent before somebody else has approved it.`,
  approve: `This approves and sends Pan 05 a new config: ${CONFIG}.`,
  reject: `This refuses the new config for Pan 05: ${CONFIG}. Nothing is sent.`,
  withdraw: `This takes back the request of a new config for Pan 05: ${CONFIG}. Nothing is sent.`,
};

export function openFakePassphraseHost(query: URLSearchParams): PassphraseHost {
  const purpose = query.get('purpose') ?? 'approve';
  const record = !WITHOUT_RECORD.includes(purpose);
  return {
    prompt: () =>
      Promise.resolve({
        purpose,
        user_name: 'Approver 1',
        sentence: record
          ? (SENTENCES[purpose] ?? '')
          : purpose === 'create_site'
            ? 'The site Lublin sugar works is created on this PC, with Approver 1 as its first administrator.'
            : 'Signing in unlocks your key for acknowledgements and notes, for 12 h.',
        hash: record ? '05a7c4e1'.repeat(8) : '',
        theme: query.get('theme') ?? 'system',
        demo_passphrase: purpose === 'create_site' ? null : 'copper kettle seven',
      }),
    submit: ({ text }) =>
      text === 'wrong'
        ? Promise.reject({ code: 'wrong_passphrase', sentence: 'That is not the passphrase of Approver 1.' })
        : Promise.resolve(),
    cancel: () => Promise.resolve(),
  };
}
