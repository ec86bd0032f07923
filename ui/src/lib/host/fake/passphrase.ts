// The passphrase window without a host: any passphrase but `wrong` is taken.
import type { PassphraseHost } from '..';

export function openFakePassphraseHost(query: URLSearchParams): PassphraseHost {
  return {
    prompt: () =>
      Promise.resolve({
        purpose: query.get('purpose') ?? 'approve',
        user_name: 'Approver 1',
        sentence: 'Pan 05 takes temperature setpoint 46.4 °C as version 12.5 as soon as it is published.',
        hash: '05a7c4e1'.repeat(8),
        theme: query.get('theme') ?? 'system',
        demo_passphrase: 'copper kettle seven',
      }),
    submit: ({ text }) =>
      text === 'wrong'
        ? Promise.reject({ code: 'wrong_passphrase', sentence: 'That is not the passphrase of Approver 1.' })
        : Promise.resolve(),
    cancel: () => Promise.resolve(),
  };
}
