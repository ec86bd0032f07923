/** Chevrons at the edge of a lane where a pen is off its scale. */

import { offScale } from '../offscale';
import type { PlacedPen, Scene } from '../view';

/** Distance of two chevrons along the edge, and how far those of the lane's next pen stand aside. */
const PITCH_PX = 40;
const ASIDE_PX = 13;

export function paintOffScale(scene: Scene, pen: PlacedPen, index: number): void {
  const { ctx, view, palette, geometry } = scene;
  const { top, height } = pen.lane;
  const range = scene.ranges[geometry.lanes.indexOf(pen.lane)];
  if (range === undefined) return;
  const aside = (pen.lane.pens.indexOf(index) % 3) * ASIDE_PX;
  const most = geometry.left + geometry.plotWidth - 6;
  const shape = new Path2D();
  let free = -Infinity;
  for (const { fromMs, toMs, above } of offScale(pen.trace.points, range, view.window)) {
    const edge = above ? top + 2 : top + height - 2;
    const way = above ? 1 : -1;
    const right = scene.x(toMs);
    for (let x = scene.x(fromMs); x <= right; x += PITCH_PX) {
      // Many short runs close together are one to the eye.
      if (Math.abs(x - free) < PITCH_PX / 2) continue;
      free = x;
      const at = Math.min(most, x + aside);
      for (const y of [edge + 5 * way, edge + 9 * way])
        shape.addPath(new Path2D(`M${at - 5} ${y}L${at} ${y - 5 * way}L${at + 5} ${y}`));
    }
  }
  ctx.setLineDash([]);
  ctx.strokeStyle = palette.color['surface-2'];
  ctx.lineWidth = 4.5;
  ctx.stroke(shape);
  ctx.strokeStyle = pen.color;
  ctx.lineWidth = 1.8;
  ctx.stroke(shape);
}
