// The Debian package: made, looked into, installed with apt, started as a user finds it, and removed without a trace.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { virtualDisplay } from '../../scripts/lib/display.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { environment } from '../../scripts/lib/run.mjs';
import { drive, until } from '../../scripts/lib/webdriver.mjs';

const run = (command, ...args) => {
  const done = spawnSync(command, args, { cwd: root, env: environment({ DEBIAN_FRONTEND: 'noninteractive' }), encoding: 'utf8', maxBuffer: 64 << 20 });
  assert.equal(done.status, 0, `${command} ${args.join(' ')}:\n${done.stdout}\n${done.stderr}`);
  return done.stdout;
};
const isRoot = process.getuid?.() === 0;
const asRoot = (command, ...args) => (isRoot ? run(command, ...args) : run('sudo', '-n', command, ...args));

let deb;
let display;
const home = mkdtempSync(join(tmpdir(), 'panfloor-home-'));
before(async () => {
  run('cargo', 'xtask', 'dist');
  const folder = join(root, 'target', 'dist');
  deb = join(folder, readdirSync(folder).filter((name) => name.endsWith('.deb')).sort().at(-1));
  display = await virtualDisplay('1366x768');
});
after(async () => {
  await display?.stop();
  rmSync(home, { recursive: true, force: true });
});

test('it holds programs, icons, desktop entry, unit and licences', () => {
  const files = run('dpkg-deb', '--contents', deb);
  for (const path of [
    'usr/bin/panfloor',
    'usr/bin/panfloorctl',
    'usr/share/applications/Panfloor.desktop',
    'usr/share/icons/hicolor/128x128/apps/panfloor.png',
    'usr/share/icons/hicolor/512x512/apps/panfloor.png',
    'usr/lib/systemd/user/panfloor.service',
    'usr/share/doc/panfloor/LICENSE-MIT',
  ]) {
    assert.match(files, new RegExp(`\\s${path.replaceAll('.', '\\.')}\n`), path);
  }
  const control = run('dpkg-deb', '--field', deb);
  assert.match(control, /^Package: panfloor$/m);
  assert.match(control, /^Depends: .*libwebkit2gtk-4\.1-0.*$/m);
  assert.match(control, /^Depends: .*libayatana-appindicator3-1.*$/m);
});

test('installed with apt it asks for a source or the demo, once, keeps its data in the user’s folder, and is removed cleanly', async () => {
  asRoot('apt-get', 'install', '-y', '-q', deb);
  try {
    const desktop = readFileSync('/usr/share/applications/Panfloor.desktop', 'utf8');
    assert.match(desktop, /^Exec=panfloor/m);
    assert.match(desktop, /^Icon=panfloor$/m);
    const env = { ...display.env, HOME: home, XDG_DATA_HOME: '', LANG: 'C.UTF-8' };
    const session = await drive({ binary: '/usr/bin/panfloor', env });
    try {
      await session.waitFor(`return /demo/i.test(document.body.textContent) && /site/i.test(document.body.textContent);`, 'the first-start page');
      const data = join(home, '.local', 'share', 'panfloor');
      await until(() => existsSync(join(data, 'site', 'live.db')), `a store in ${data}`);
      assert.ok(existsSync(join(data, 'logs')), 'no logs beside it');
    } finally {
      await session.end();
    }
    assert.equal(run('panfloorctl', '--version').trim().split(' ')[0], 'panfloorctl');
  } finally {
    asRoot('apt-get', 'remove', '-y', '-q', 'panfloor');
  }
  for (const path of ['/usr/bin/panfloor', '/usr/bin/panfloorctl', '/usr/share/applications/Panfloor.desktop', '/usr/share/doc/panfloor/LICENSE-MIT']) {
    assert.ok(!existsSync(path), `${path} is left behind`);
  }
});
