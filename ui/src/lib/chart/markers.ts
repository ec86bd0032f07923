/** Markers of the eight pens, on canvas and as SVG path. */

/** Shapes in the order of the pens. */
export const MARKERS = ['disc', 'square', 'triangle', 'diamond', 'ring', 'cross', 'plus', 'bar'] as const;
export type Marker = (typeof MARKERS)[number];

export function markerOf(style: number): Marker {
  return MARKERS[style % MARKERS.length] ?? 'disc';
}

/** Shapes that are lines, not areas. */
export function isOutline(marker: Marker): boolean {
  return marker === 'ring' || marker === 'cross' || marker === 'plus';
}

/** The shape of radius `r` about (x, y) as path data. */
export function markerPath(marker: Marker, x: number, y: number, r: number): string {
  switch (marker) {
    case 'disc':
    case 'ring':
      return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    case 'square':
      return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`;
    case 'triangle':
      return `M${x} ${y - r}l${r} ${2 * r}h${-2 * r}z`;
    case 'diamond':
      return `M${x} ${y - r - 1}l${r + 1} ${r + 1}l${-r - 1} ${r + 1}l${-r - 1} ${-r - 1}z`;
    case 'cross':
      return `M${x - r} ${y - r}l${2 * r} ${2 * r}M${x + r} ${y - r}l${-2 * r} ${2 * r}`;
    case 'plus':
      return `M${x - r} ${y}h${2 * r}M${x} ${y - r}v${2 * r}`;
    case 'bar':
      return `M${x - r} ${y - r / 2}h${2 * r}v${r}h${-2 * r}z`;
  }
}
