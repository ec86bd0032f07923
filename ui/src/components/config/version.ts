// A version is epoch × 1000 + n on the wire; people see `v12.4`, which is no setpoint.
const EPOCH = 1000;

export function shownVersion(version: number | null): string {
  return version === null ? '' : `v${Math.floor(version / EPOCH)}.${version % EPOCH}`;
}
