// `npm test`: every check and every test of the project.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPrograms, buildUi } from './lib/build.mjs';
import { complain, duration, giveUp, say } from './lib/console.mjs';
import { cache, program, root, tools } from './lib/paths.mjs';
import { has, npm, output, run } from './lib/run.mjs';
import { ensure } from './lib/setup.mjs';

const HELP = `npm test -- [flags]

Runs formatting, lints, tidy, Rust, UI, contract, scenarios and the real application under a virtual display.
Prints what it skips and why; with PANFLOOR_REQUIRE=all a skip is a failure.

  --only NAME    run only the steps whose names contain this; may be given more than once
  --list         name the steps
  --help         this text`;

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (flags.help) {
  say(HELP);
  process.exit(0);
}

const requireAll = process.env.PANFLOOR_REQUIRE === 'all';
const cargo = (...args) => run('cargo', args);
/** Runs the tests of folders of `tests/`, by the names of their files: what a folder's name means differs between versions of Node. */
const nodeTests = (folders, { atATime = 1, env } = {}) => {
  const within = (folder) => readdirSync(join(root, 'tests', folder)).filter((name) => name.endsWith('.test.mjs'));
  const files = folders.flatMap((folder) => within(folder).map((name) => join('tests', folder, name)));
  return run('node', ['--test', `--test-concurrency=${atATime}`, ...files], { env });
};
const script = (name) => run(npm, ['run', '--silent', name]);

/** The Python of a virtual environment with the packages of `requirements`. */
async function python(folder) {
  const venv = join(cache, 'venv-device');
  const bin = join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!existsSync(bin) && (await run('python3', ['-m', 'venv', venv])) !== 0) return undefined;
  const wanted = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', join(folder, 'requirements.txt')];
  return (await run(bin, wanted)) === 0 ? bin : undefined;
}

/** cargo-deny, built once into the cache. */
async function deny() {
  const own = join(tools, 'bin', process.platform === 'win32' ? 'cargo-deny.exe' : 'cargo-deny');
  const command = has('cargo-deny') ? 'cargo-deny' : own;
  if (command === own && !existsSync(own)) {
    const code = await run('cargo', ['install', '--quiet', '--locked', '--root', tools, 'cargo-deny@0.20.2']);
    if (code !== 0) return code;
  }
  // Advisories need the advisory database from the network: `cargo deny check advisories` where there is one.
  return run(command, ['--offline', '--workspace', '--log-level', 'error', 'check', 'licenses', 'bans', 'sources']);
}

/** Each step: its name, and what it runs; a text instead of a number is why it is skipped. */
const STEPS = [
  ['rust format', () => cargo('fmt', '--all', '--check')],
  ['ui build', async () => (await buildUi(), 0)],
  ['ui check', () => script('ui:check')],
  ['ui test', () => script('ui:test')],
  [
    'ui layout',
    async () => {
      const { CHROMIUM } = await import('../ui/e2e/browser.mjs');
      if (CHROMIUM === undefined) return 'there is no Chromium in /usr/bin; CHROMIUM names another';
      const built = await script('ui:build:fake');
      return built === 0 ? script('ui:layout') : built;
    },
  ],
  ['rust lints', () => cargo('clippy', '--locked', '--workspace', '--all-targets', '--', '-D', 'warnings')],
  // Contract, tidy, layers and stale bindings are tests of the crates concerned.
  ['rust test', () => cargo('test', '--locked', '--workspace', '--exclude', 'panfloor')],
  ['licences', deny],
  ['programs', async () => (await buildPrograms(), 0)],
  [
    'scenario',
    () => nodeTests(['scenario']),
  ],
  [
    'device',
    async () => {
      const bin = await python(join(root, 'tests', 'device'));
      if (!bin) return 'a virtual environment of Python 3 could not be made';
      return nodeTests(['device'], { env: { PANFLOOR_PYTHON: bin } });
    },
  ],
  [
    'application',
    () => {
      if (process.platform !== 'linux') return 'the application is driven by WebKitWebDriver, which is Linux only';
      return nodeTests(['app', 'host'], { atATime: 2 });
    },
  ],
  [
    'installer',
    () => {
      if (!has('apt-get')) return 'the package is for Debian and Ubuntu';
      return nodeTests(['installer']);
    },
  ],
  [
    'start',
    () => {
      if (process.platform !== 'linux') return 'only Linux has virtual displays to start on';
      return nodeTests(['start']);
    },
  ],
  [
    'bench',
    () => {
      if (process.platform !== 'linux') return 'memory and CPU are read from /proc, which is Linux only';
      return run('node', ['scripts/bench-app.mjs', '--runs', '1', '--seconds', '10', '--json', '--check']);
    },
  ],
];

if (flags.list) {
  for (const [name] of STEPS) say(name);
  process.exit(0);
}
const chosen = STEPS.filter(([name]) => flags.only.length === 0 || flags.only.some((part) => name.includes(part)));
if (chosen.length === 0) giveUp(`no step is called ${flags.only.join(' or ')}; npm test -- --list names them`);

await ensure('test');
const began = Date.now();
const results = [];
for (const [name, step] of chosen) {
  say(`\n== ${name}`);
  const start = Date.now();
  const outcome = await step();
  const took = Date.now() - start;
  const state = typeof outcome === 'string' ? (requireAll ? 'failed' : 'skipped') : outcome === 0 ? 'passed' : 'failed';
  if (typeof outcome === 'string') complain(`${name}: skipped: ${outcome}`);
  results.push({ name, state, took });
  say(`== ${name}: ${state} in ${duration(took)}`);
}

say('');
for (const { name, state, took } of results) say(`${state.padEnd(8)} ${name.padEnd(14)} ${duration(took)}`);
const count = (state) => results.filter((result) => result.state === state).length;
say(`\n${duration(Date.now() - began)} in all, with ${output('cargo', ['--version'])?.trim()} and Node ${process.versions.node}; programs in ${program('panfloor')}`);
say(`steps: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
process.exit(count('failed') === 0 ? 0 : 1);
