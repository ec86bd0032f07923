import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const DOMAINS = ['machine', 'alarm', 'trend', 'config'];
const SCREENS = ['plant', 'trends', 'alarms', 'configs', 'reports', 'settings', 'firststart', 'signin'];

/** Imports that a folder may not make; paths go through `~/`, so that these patterns see all of them. */
const forbid = (files, patterns, { ignores = [], climb = '../*' } = {}) => ({
  files,
  ignores,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { group: [climb], message: 'Import other folders by ~/, so that the layers can be checked.' },
          ...patterns,
        ],
      },
    ],
  },
});
const tauri = { group: ['@tauri-apps/*'], message: 'Only lib/host talks to the host.' };
const upward = (layer, folders) => ({
  group: folders.flatMap((folder) => [`~/${folder}`, `~/${folder}/**`]),
  message: `${layer} may not import from above or beside it.`,
});
const code = (folder) => [`src/${folder}/**/*.{ts,svelte}`];

export default ts.config(
  { ignores: ['dist/**', 'src/lib/ipc/bindings.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  ...svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node, __FAKE_HOST__: 'readonly' } },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      // Commands without a request or an answer are typed `void`.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // The window's policy lets no style attribute in; `style:name` goes through the CSSOM and is fine.
      'svelte/no-inline-styles': 'off',
      'svelte/no-at-html-tags': 'error',
      'svelte/no-navigation-without-resolve': 'off',
      'svelte/prefer-svelte-reactivity': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  forbid(code('frame'), [tauri]),
  forbid(['src/*.ts'], [tauri]),
  forbid(code('lib'), [tauri, upward('lib', ['components', 'screens', 'frame'])], {
    ignores: code('lib/host'),
    climb: '../../*',
  }),
  forbid(code('lib/host'), [upward('lib/host', ['components', 'screens', 'frame', 'lib/stores'])]),
  forbid(code('components/base'), [
    tauri,
    upward('components/base', ['components', 'screens', 'frame', 'lib/stores', 'lib/ipc', 'lib/host']),
  ]),
  ...DOMAINS.map((domain) =>
    forbid(code(`components/${domain}`), [
      tauri,
      upward(`components/${domain}`, [
        'screens',
        'frame',
        ...DOMAINS.filter((other) => other !== domain).map((other) => `components/${other}`),
      ]),
    ]),
  ),
  ...SCREENS.map((screen) =>
    forbid(code(`screens/${screen}`), [
      tauri,
      upward(`screens/${screen}`, [
        'frame',
        ...SCREENS.filter((other) => other !== screen).map((other) => `screens/${other}`),
      ]),
    ]),
  ),
);
