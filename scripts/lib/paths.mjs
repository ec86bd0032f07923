// Where things lie. Build outputs live outside the checkout, so that a fresh clone on the same machine is warm.

import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'panfloor');
export const target = process.env.CARGO_TARGET_DIR ?? join(cache, 'target');
export const tools = join(cache, 'tools');
export const screens = join(root, 'target', 'screens');

const exe = process.platform === 'win32' ? '.exe' : '';
export const program = (name, profile = 'release') => join(target, profile, `${name}${exe}`);
