// A version is epoch × 1000 + n on the wire; people see `12.4`.
const EPOCH = 1000;

export function shownVersion(version: number | null): string {
  return version === null ? '' : `${Math.floor(version / EPOCH)}.${version % EPOCH}`;
}
