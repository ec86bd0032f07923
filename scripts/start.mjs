// `npm start`: checks, installs, builds, and opens Panfloor on the demo plant.

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildPrograms, buildUi } from './lib/build.mjs';
import { duration, giveUp, parseDuration, say } from './lib/console.mjs';
import { hasDisplay, virtualDisplay } from './lib/display.mjs';
import { program, screens } from './lib/paths.mjs';
import { environment } from './lib/run.mjs';
import { ensure } from './lib/setup.mjs';
import { walk } from './lib/walk.mjs';

const HELP = `npm start -- [flags]

Checks what is missing, installs it, builds, and opens Panfloor's window on the demo plant.
Without a display it starts a virtual one, walks through every screen in both themes,
writes a PNG of each to target/screens/, and prints a status line every 5 s.

  --machines N   machines of the demo plant, 1 to 40 (24)
  --seed N       seed of everything random in it (1)
  --fresh        empty the demo's data folder first
  --site         open your own plant instead of the demo
  --for TIME     end after this time: 60s, 2m (with a display: when you quit; without: 60s,
                 and not before every screen has its picture)
  --size WxH     size of the virtual display (1920x1080)
  --headless     act as if there were no display
  --help         this text`;

function readFlags() {
  try {
    return parseArgs({
      options: {
        machines: { type: 'string', default: '24' },
        seed: { type: 'string', default: '1' },
        fresh: { type: 'boolean', default: false },
        site: { type: 'boolean', default: false },
        for: { type: 'string' },
        size: { type: 'string', default: '1920x1080' },
        headless: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (problem) {
    giveUp(`${problem.message}; npm start -- --help lists the flags`);
  }
}

const flags = readFlags();
if (flags.help) {
  say(HELP);
  process.exit(0);
}
const wholeNumber = (name, low, high) => {
  const value = Number(flags[name]);
  if (!Number.isInteger(value) || value < low || value > high) giveUp(`--${name} takes a whole number from ${low} to ${high}`);
  return String(value);
};
const machines = wholeNumber('machines', 1, 40);
const seed = wholeNumber('seed', 0, Number.MAX_SAFE_INTEGER);
const size = /^(\d{3,4})x(\d{3,4})$/.exec(flags.size) ?? giveUp('--size is written like 1920x1080');
const lasts = flags.for === undefined ? undefined : (parseDuration(flags.for) ?? giveUp('--for takes a time: 60s, 2m'));

const headless = flags.headless || !hasDisplay();
await ensure(headless ? 'show' : 'build');
await buildUi();
await buildPrograms();

const args = flags.site ? [] : ['--demo', '--machines', machines, '--seed', seed, ...(flags.fresh ? ['--fresh'] : [])];
if (headless) await showWithoutDisplay();
else await openWindow();

async function openWindow() {
  const app = spawn(program('panfloor'), args, { stdio: 'inherit', env: environment() });
  const timer = lasts && setTimeout(() => app.kill('SIGTERM'), lasts);
  process.on('SIGINT', () => app.kill('SIGTERM'));
  app.on('error', (problem) => giveUp(`Panfloor does not start: ${problem.message}`));
  app.on('exit', (code) => {
    clearTimeout(timer);
    process.exit(code ?? 0);
  });
}

async function showWithoutDisplay() {
  const began = Date.now();
  const time = lasts ?? 60_000;
  say(`There is no display: a virtual one of ${flags.size} is started, for ${duration(time)}.`);
  mkdirSync(screens, { recursive: true });
  const display = await virtualDisplay(flags.size);
  let stopped = false;
  process.on('SIGINT', () => (stopped = true));
  process.on('SIGTERM', () => (stopped = true));
  try {
    await walk({
      binary: program('panfloor'),
      args: [...args, '--status-every', '5'],
      env: display.env,
      width: Number(size[1]),
      height: Number(size[2]),
      folder: screens,
      demo: !flags.site,
      shown: () => say(`The window stands ${duration(performance.now())} after the start.`),
      isOver: () => Date.now() - began > time,
      isStopped: () => stopped,
    });
  } catch (problem) {
    say(`The walk through the screens broke off: ${problem.message}`);
    process.exitCode = 1;
  } finally {
    await display.stop();
  }
}
