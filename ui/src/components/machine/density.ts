/** How closely the tiles stand: many of them, or a small window. */
export interface Density {
  readonly many: boolean;
  readonly small: boolean;
}

/** Tiles beyond which the grid is compact, and what fits without scrolling. */
export const COMFORTABLE = 24;
export const FITTING = 40;
/** Width below which the window is small, CSS px; as in base.css. */
export const SMALL_BELOW = 1500;
/** Height below which four rows of tiles have no room for three lines beside each bar, CSS px. */
export const LOW_BELOW = 960;
