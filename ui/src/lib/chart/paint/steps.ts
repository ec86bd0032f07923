/** Names of limits that held earlier in the picture, at their line, where no curve runs. */

import type { LaneBox } from '../lanes';
import { drawable, LIMIT_KINDS, type LimitKind, type Step } from '../limits';
import { crosses, earlierSteps, overlap, type Box } from '../tags';
import { font, type PlacedPen, type Scene } from '../view';
import { haloed } from './labels';

const TEXT_PX = 13;
/** Between the line and its name. */
const AIR_PX = 2;

export function paintStepNames(scene: Scene, lane: LaneBox): void {
  const { ctx, view, geometry, labels } = scene;
  const pen = scene.lead(lane);
  if (pen === undefined) return;
  const pens = scene.pens.filter((one) => one.lane === lane);
  const { parts } = drawable(pen.bands, view.window, geometry.plotWidth);
  const taken: Box[] = [];
  ctx.font = font(scene, 11);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  for (const kind of LIMIT_KINDS) {
    for (const step of earlierSteps(parts, kind, view.window.toMs)) {
      const text = labels.limit(
        kind,
        labels.value(step.value, Number.isInteger(step.value) ? 0 : pen.decimals),
      );
      const box = freeBox(scene, pens, step, kind, ctx.measureText(text).width, taken);
      if (box === null) continue;
      taken.push(box);
      haloed(scene, text, box.left, (box.top + box.bottom) / 2 + 0.5);
    }
  }
}

/** Room for a name of `width` on the line of a step: at its beginning, its end or between; null if there is none. */
function freeBox(
  scene: Scene,
  pens: readonly PlacedPen[],
  step: Step,
  kind: LimitKind,
  width: number,
  taken: readonly Box[],
): Box | null {
  const lane = pens[0]?.lane;
  if (lane === undefined) return null;
  const from = scene.x(step.fromMs) + 5;
  const to = scene.x(step.toMs) - 5 - width;
  const y = scene.y(lane, step.value);
  const below = kind === 'low' || kind === 'low_low';
  for (const left of to < from ? [] : [from, to, (from + to) / 2]) {
    for (const under of [below, !below]) {
      const top = under ? y + AIR_PX : y - AIR_PX - TEXT_PX;
      const box = { left, right: left + width, top, bottom: top + TEXT_PX };
      if (box.top < lane.top || box.bottom > lane.top + lane.height) continue;
      if (!taken.some((other) => overlap(box, other)) && !pens.some((pen) => crosses(scene, pen, box)))
        return box;
    }
  }
  return null;
}
