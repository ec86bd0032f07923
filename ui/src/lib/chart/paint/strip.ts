/** The strip that shows where there is data, a line a pen. */

import { available, common, within } from '../gaps';
import type { Scene } from '../view';
import { hatch } from './ground';

/** Top of the strip, below the plot. */
export const STRIP_TOP_PX = 65;
const STRIP_PX = 17;

export function paintStrip(scene: Scene): void {
  const { ctx, palette, geometry, view } = scene;
  const top = geometry.top + geometry.plotHeight + STRIP_TOP_PX;
  const pitch = STRIP_PX / Math.max(1, scene.pens.length);
  const thick = Math.max(1, Math.min(4, pitch - 1));
  for (const [from, to] of within(common(scene.pens.map((pen) => pen.trace.gaps(view.nowMs))), view.window)) {
    ctx.fillStyle = hatch(scene);
    ctx.fillRect(scene.x(from), top, Math.max(1, scene.x(to) - scene.x(from)), STRIP_PX - 1);
  }
  ctx.fillStyle = palette.color['ink-faint'];
  scene.pens.forEach((pen, i) => {
    const { timeMs } = pen.trace.points;
    for (const [from, to] of available(timeMs, pen.trace.gaps(view.nowMs), view.window)) {
      ctx.fillRect(
        scene.x(from),
        Math.round(top + i * pitch),
        Math.max(1, scene.x(to) - scene.x(from)),
        thick,
      );
    }
  });
}
