// Running other programs.

import { spawn, spawnSync } from 'node:child_process';
import { root, target } from './paths.mjs';

/** What every program of ours is started with. */
export const environment = (more = {}) => ({ ...process.env, CARGO_TARGET_DIR: target, ...more });

/** Runs a program to its end with its output shown; resolves to its exit code. */
export function run(command, args, { env = {}, cwd = root, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: environment(env), stdio: quiet ? 'ignore' : 'inherit', shell: false });
    child.on('error', () => resolve(127));
    child.on('exit', (code, signal) => resolve(signal ? 128 : (code ?? 1)));
  });
}

/** Runs a program and gives back what it printed; undefined if it could not be started or failed. */
export function output(command, args, { env = {}, cwd = root } = {}) {
  const done = spawnSync(command, args, { cwd, env: environment(env), encoding: 'utf8', maxBuffer: 64 << 20 });
  return done.status === 0 ? done.stdout : undefined;
}

/** Whether a program can be found. */
export const has = (command) =>
  spawnSync(process.platform === 'win32' ? 'where' : 'which', [command], { stdio: 'ignore' }).status === 0;

export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
