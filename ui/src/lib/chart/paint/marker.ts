/** A pen's marker on canvas. */

import { isOutline, markerOf, markerPath } from '../markers';
import type { PlacedPen, Scene } from '../view';

export function paintMarker(scene: Scene, pen: PlacedPen, x: number, y: number, r: number): void {
  const { ctx } = scene;
  const marker = markerOf(pen.style);
  const path = new Path2D(markerPath(marker, x, y, r));
  if (isOutline(marker)) {
    ctx.strokeStyle = pen.color;
    ctx.lineWidth = 1.6;
    ctx.stroke(path);
  } else {
    ctx.fillStyle = pen.color;
    ctx.fill(path);
  }
}
