// Builds the user interface and the programs; does nothing when nothing has changed.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { duration, giveUp, say } from './console.mjs';
import { root } from './paths.mjs';
import { npm, run } from './run.mjs';

/** All files below `folder`, in a fixed order. */
function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'dist' && entry.name !== 'node_modules') yield* files(path);
    } else yield path;
  }
}

/** A fingerprint of everything that the user interface is made from. */
function uiFingerprint() {
  const hash = createHash('sha256');
  for (const path of [...files(join(root, 'ui')), join(root, 'package-lock.json'), join(root, 'package.json')]) {
    if (statSync(path).size > 4 << 20) continue;
    hash.update(path.slice(root.length)).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Builds ui/dist if its sources have changed. */
export async function buildUi() {
  const stamp = join(root, 'ui', 'dist', '.fingerprint');
  const fingerprint = uiFingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  say('Building the user interface');
  const began = Date.now();
  if ((await run(npm, ['run', '--silent', 'ui:build'])) !== 0) giveUp('the user interface could not be built: see above');
  writeFileSync(stamp, fingerprint);
  say(`Built the user interface in ${duration(Date.now() - began)}`);
}

/** Builds the programs (`panfloor`, `panfloorctl`) of a profile. */
export async function buildPrograms(packages = ['panfloor', 'panfloor-cli'], profile = 'release') {
  const began = Date.now();
  const code = await run('cargo', ['build', '--locked', '--profile', profile, ...packages.flatMap((name) => ['-p', name])]);
  if (code !== 0) giveUp('the programs could not be built: see above');
  const took = Date.now() - began;
  if (took > 3000) say(`Built the programs in ${duration(took)}`);
}
