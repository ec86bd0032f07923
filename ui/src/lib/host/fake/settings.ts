// The invented plant's storage, quarantine, first start.
import type { Commands } from '~/lib/ipc/bindings';
import type { CommandName } from '..';

type SettingsCommand =
  | 'storage'
  | 'quarantine'
  | 'source_test'
  | 'create_site'
  | 'start_demo'
  | 'autostart'
  | 'set_autostart'
  | 'latency';
type Answers = {
  [K in SettingsCommand & CommandName]: (request: Commands[K]['request']) => Commands[K]['response'];
};

const REASONS: [code: string, reason: string, excerpt: string][] = [
  [
    'not_json',
    'The payload is no JSON: it ends inside a string at byte 41.',
    '{"ts":1764000000250,"temperature":46.12,"pr',
  ],
  ['no_mapping', 'No mapping fits the topic. Add one in Settings, Sources.', '{"v":3}'],
  [
    'time_in_future',
    'Its time lies 2 h ahead of this PC: check the clock of the device.',
    '{"ts":1764007200000}',
  ],
];

export function fakeSettings(machines: number, storeFromMs: number): Answers {
  let autostart = false;
  const rows = Array.from({ length: machines === 0 ? 0 : 37 }, (_, i) => {
    const [reason_code, reason, excerpt] = REASONS[i % REASONS.length] ?? ['', '', ''];
    return {
      id: 37 - i,
      arrived_ms: Date.now() - (i + 1) * 431_000,
      source: 'Plant broker',
      topic: `plant/pan-${String(1 + (i % 24)).padStart(2, '0')}/telemetry`,
      reason,
      reason_code,
      excerpt,
      bytes: excerpt.length,
    };
  });
  return {
    storage: () => ({
      folder: '/home/operator/.local/share/panfloor',
      live_bytes: 412_000_000,
      months: [
        { name: '2026-10', bytes: 1_310_000_000 },
        { name: '2026-09', bytes: 1_290_000_000 },
      ],
      free_bytes: 212_000_000_000,
      span_ms: machines === 0 ? null : [storeFromMs, Date.now()],
      secrets: 'keyring',
      log_folder: '/home/operator/.local/state/panfloor',
      counters: {
        received: 48_310_221,
        committed: 144_930_552,
        duplicates: 1204,
        revisions: 0,
        late: 317,
        quarantined: 37,
        quarantine_dropped: 0,
        untellable: 0,
      },
    }),
    quarantine: ({ offset, limit }) => ({ total: rows.length, rows: rows.slice(offset, offset + limit) }),
    source_test: ({ host }) => ({
      steps: [
        { step: 'name_resolved', ok: true, detail: `${host} is 10.0.4.12`, took_ms: 3 },
        { step: 'port_open', ok: true, detail: '', took_ms: 11 },
        {
          step: 'logged_in',
          ok: false,
          detail: 'The broker refuses the login: check user and password.',
          took_ms: 24,
        },
        { step: 'subscribed', ok: null, detail: '', took_ms: null },
        { step: 'first_message', ok: null, detail: '', took_ms: null },
      ],
    }),
    create_site: () => undefined,
    start_demo: () => undefined,
    autostart: () => ({ enabled: autostart }),
    set_autostart: ({ enabled }) => {
      autostart = enabled;
    },
    latency: () => ({
      publish_to_commit_ms: { p50: 1.7, p99: 8.2, max: 31 },
      outside_commit_ms: { p50: 0.6, p99: 2.1, max: 6 },
      bare_commit_ms: { p50: 0.8, p99: 6.3, max: 24 },
    }),
  };
}
