// The order of the tiles: as the operator arranged them; machines that came later follow by name.

/** Sorts by a stored order of addresses; what it doesn't name keeps its place behind. */
export function arranged<T>(
  items: readonly T[],
  order: readonly string[],
  address: (item: T) => string,
): T[] {
  const rank = new Map(order.map((name, index) => [name, index]));
  return items
    .map((item, index) => ({ item, rank: rank.get(address(item)) ?? order.length + index }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** Moves one to another's place; the others close up. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length || from === to) return [...items];
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

/** A stored order, whatever a setting may hold. */
export function readOrder(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** Index that an arrow leads to in a grid of `columns`; the edge holds. */
export function neighbour(index: number, key: string, columns: number, count: number): number {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key] ?? 0;
  const to = index + step;
  return to < 0 || to >= count ? index : to;
}
