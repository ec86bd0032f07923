import { formatNumber, formatQuantity } from '~/lib/format';

/** A difference with its sign: `+5.1 mbar`, `−0.2 mbar`, `±0.0 mbar`. */
export function signed(value: number, decimals: number, unit: string): string {
  if (!Number.isFinite(value)) return formatNumber(value, decimals);
  const shown = formatNumber(Math.abs(value), decimals);
  const sign = shown === formatNumber(0, decimals) ? '±' : value > 0 ? '+' : '−';
  return sign + formatQuantity(Math.abs(value), decimals, unit);
}
