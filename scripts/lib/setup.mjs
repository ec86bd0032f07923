// Checks what is missing and installs it: system packages by apt, JavaScript packages by npm.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { complain, giveUp, say } from './console.mjs';
import { root } from './paths.mjs';
import { has, npm, output, run } from './run.mjs';

/** Debian and Ubuntu packages, and what each is for. */
const TO_BUILD = {
  'build-essential': 'C compiler, for SQLite',
  'pkg-config': 'finds the libraries below',
  'libwebkit2gtk-4.1-dev': 'the web view of the window',
  'libgtk-3-dev': 'the window itself',
  'librsvg2-dev': 'its icons',
  'libayatana-appindicator3-dev': 'the tray icon',
  'libxdo-dev': 'keyboard shortcuts',
  'libssl-dev': 'linked by the web view',
};
const TO_SHOW_WITHOUT_A_DISPLAY = {
  xvfb: 'the virtual display',
  xauth: 'access to it',
  'dbus-x11': 'the session bus that a desktop has',
  'webkit2gtk-driver': 'walks through the screens',
  'fonts-liberation': 'letters to draw',
};
const TO_TEST = {
  ...TO_SHOW_WITHOUT_A_DISPLAY,
  mosquitto: 'the broker of the tests',
  'mosquitto-clients': 'publishes to it',
  'gnome-keyring': 'the keyring of the tests',
  'libsecret-tools': 'looks into it',
  xdotool: 'types like a person',
  strace: 'sees in which order the store and the broker are told',
  'python3-venv': 'the device that is not ours',
  file: 'checks the installer',
  patchelf: 'makes the installer',
};

/** What only Debian has as a package; elsewhere what needs it says so and skips. */
const TO_TEST_ON_DEBIAN = { chromium: 'lays out every state of every screen' };

/** Distributions whose package names are known here. */
const KNOWN = ['debian', 'ubuntu'];

function distribution() {
  if (process.platform !== 'linux') return { id: process.platform, like: [] };
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const field = (name) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return { id: field('ID'), like: field('ID_LIKE').split(' ') };
}

function missing(packages) {
  const names = Object.keys(packages);
  const shown = output('dpkg-query', ['-W', '-f', '${Package} ${Status}\n']) ?? '';
  const installed = new Set(
    shown
      .split('\n')
      .filter((line) => line.endsWith('install ok installed'))
      .map((line) => line.split(' ')[0]),
  );
  return names.filter((name) => !installed.has(name));
}

/** Makes sure that the system packages are there. */
async function ensurePackages(packages) {
  const { id, like } = distribution();
  if (!KNOWN.includes(id) && !like.some((name) => KNOWN.includes(name))) {
    if (process.platform === 'linux') {
      complain(`This is ${id || 'an unknown system'}: only Debian and Ubuntu packages can be installed from here. Needed are, by their Debian names:`);
      for (const [name, why] of Object.entries(packages)) complain(`  ${name}  (${why})`);
      giveUp('install their counterparts, then set PANFLOOR_SKIP_PACKAGES=1 and start again');
    }
    return; // Windows and macOS bring their web view.
  }
  const names = missing(packages);
  if (names.length === 0) return;
  say(`Missing, and installed now with apt${process.getuid?.() === 0 ? '' : ' (sudo asks for your password)'}:`);
  for (const name of names) say(`  ${name}  (${packages[name]})`);
  const apt = (...args) => {
    const words = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', '-q', '-o', 'DPkg::Lock::Timeout=300', ...args];
    return process.getuid?.() === 0 ? run(words[0], words.slice(1)) : run('sudo', words);
  };
  if ((await apt('update')) !== 0) complain('apt-get update failed; trying with the lists that are here');
  if ((await apt('install', '--no-install-recommends', ...names)) !== 0) {
    giveUp(`apt could not install ${names.join(', ')}: see its message above`);
  }
}

/** Makes sure that the JavaScript packages of package-lock.json are there. */
async function ensureNodePackages() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) giveUp(`Node ${process.versions.node} is too old: install Node 20 or newer`);
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  const stamp = join(root, 'node_modules', '.panfloor-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('Installing the JavaScript packages');
  if ((await run(npm, ['ci', '--no-audit', '--no-fund'])) !== 0) giveUp('npm ci failed: see its message above');
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stamp, lock);
}

/** Everything that building, and what `purpose` asks for, needs. */
export async function ensure(purpose) {
  if (!has('cargo')) giveUp('Rust is missing: install it from rustup.rs, then start again');
  if (!process.env.PANFLOOR_SKIP_PACKAGES) {
    const own = distribution().id === 'debian' ? TO_TEST_ON_DEBIAN : {};
    const more = { build: {}, show: TO_SHOW_WITHOUT_A_DISPLAY, test: { ...TO_TEST, ...own } }[purpose];
    await ensurePackages({ ...TO_BUILD, ...more });
  }
  await ensureNodePackages();
}
