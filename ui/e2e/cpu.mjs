// Processor time of the Plant screen over the invented plant, in Chromium's software renderer.
//   node ui/e2e/cpu.mjs [--n 40] [--for 30]
// Prints one JSON line; `cpu_s_per_minute` is that of the page's renderer and GPU processes together.
import { readFileSync, readdirSync } from 'node:fs';
import { launch, newContext, openPlace, serve } from './browser.mjs';

const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const TICKS_PER_S = 100;

/** Processor seconds of all processes below one. */
function cpuSeconds(root) {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ');
        const role = readFileSync(`/proc/${pid}/cmdline`, 'utf8').match(/--type=([a-z-]+)/)?.[1] ?? 'browser';
        return [
          {
            pid: Number(pid),
            parent: Number(fields[1]),
            role,
            s: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S,
          },
        ];
      } catch {
        return [];
      }
    });
  const family = new Set([root]);
  for (let grown = true; grown;) {
    grown = false;
    for (const { pid, parent } of stats) {
      if (family.has(parent) && !family.has(pid)) grown = Boolean(family.add(pid));
    }
  }
  const by = {};
  for (const { pid, role, s } of stats) if (family.has(pid) && pid !== root) by[role] = (by[role] ?? 0) + s;
  return by;
}

const seconds = option('--for', 30);
const machines = option('--n', 40);
const server = await serve();
const browser = await launch();
const opened = await openPlace(
  await newContext(browser),
  server.base,
  { query: `n=${machines}`, ready: 'article.tile' },
  { theme: 'light', size: [1920, 1080] },
);
await opened.page.waitForTimeout(4000);
const session = await opened.page.context().newCDPSession(opened.page);
await session.send('Performance.enable');
const metrics = async () =>
  Object.fromEntries(
    (await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]),
  );
const [before, start] = [cpuSeconds(process.pid), await metrics()];
await opened.page.waitForTimeout(seconds * 1000);
const [after, end] = [cpuSeconds(process.pid), await metrics()];
const perMinute = (s) => Math.round((s * 60 * 100) / seconds) / 100;
const roles = Object.fromEntries(
  Object.keys(after).map((role) => [role, perMinute(after[role] - (before[role] ?? 0))]),
);
process.stdout.write(
  `${JSON.stringify({
    machines,
    cpu_s_per_minute: perMinute(
      ['renderer', 'gpu-process'].reduce((sum, role) => sum + (after[role] ?? 0) - (before[role] ?? 0), 0),
    ),
    roles,
    script_s_per_minute: perMinute(end.ScriptDuration - start.ScriptDuration),
    layout_s_per_minute: perMinute(end.LayoutDuration - start.LayoutDuration),
    style_s_per_minute: perMinute(end.RecalcStyleDuration - start.RecalcStyleDuration),
    task_s_per_minute: perMinute(end.TaskDuration - start.TaskDuration),
    nodes: end.Nodes,
  })}\n`,
);
await browser.close();
server.close();
