// What the scripts say, in one voice.

export const say = (text) => process.stdout.write(`${text}\n`);
export const complain = (text) => process.stderr.write(`${text}\n`);

/** Ends the process with one line that says what is wrong and what to do. */
export function giveUp(text) {
  complain(`panfloor: ${text}`);
  process.exit(1);
}

/** `95s` → `1 min 35 s` */
export function duration(ms) {
  const s = Math.round(ms / 1000);
  return s < 60 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(s / 60)} min ${s % 60} s`;
}

/** `90`, `90s`, `2m`, `500ms` → milliseconds; undefined if it is none of them. */
export function parseDuration(text) {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text ?? '');
  if (!found) return undefined;
  return Number(found[1]) * { ms: 1, s: 1000, m: 60_000 }[found[2] ?? 's'];
}
