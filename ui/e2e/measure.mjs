// Runs in the page: texts that are cut off, texts that lie on each other, a page that scrolls sideways.

/** @returns {string[]} one line a finding */
export function measure() {
  /** Less than this is rounding. */
  const SLACK_PX = 1.5;
  const found = [];
  const short = (text) => (text.length > 50 ? `${text.slice(0, 50)}…` : text);
  const place = (element) => {
    const names = [];
    for (let at = element; at !== null && at !== document.body && names.length < 4; at = at.parentElement) {
      const classes = [...at.classList].filter((name) => !name.startsWith('svelte-')).join('.');
      names.unshift(at.tagName.toLowerCase() + (classes === '' ? '' : `.${classes}`));
    }
    return names.join(' > ');
  };
  /** Hidden for the eye, there for readers. */
  const unseen = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.visibility === 'hidden' || style.display === 'none' || style.clipPath.startsWith('inset(50%'))
        return true;
    }
    return false;
  };
  const mayBeCut = (element) => element.closest('[title], [data-long]') !== null;

  const page = document.scrollingElement;
  if (page.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth)
    found.push(`the page scrolls sideways: ${page.scrollWidth} px on ${innerWidth}`);

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.data.trim();
    const element = node.parentElement;
    if (
      text === '' ||
      element === null ||
      ['SCRIPT', 'STYLE', 'TEXTAREA', 'OPTION'].includes(element.tagName)
    )
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    if (boxes.length === 0 || unseen(element)) continue;
    texts.push({ text, element, boxes });
  }

  for (const { text, element, boxes } of texts) {
    if (mayBeCut(element)) continue;
    for (let at = element; at !== null && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === 'inline') continue;
      const clips = (value) => value === 'hidden' || value === 'clip';
      const box = at.getBoundingClientRect();
      const left = Math.min(...boxes.map((each) => each.left));
      const right = Math.max(...boxes.map((each) => each.right));
      const top = Math.min(...boxes.map((each) => each.top + each.height * 0.2));
      const bottom = Math.max(...boxes.map((each) => each.bottom - each.height * 0.2));
      const ellipsis = at === element && style.textOverflow === 'ellipsis' && at.scrollWidth > at.clientWidth;
      if (
        ellipsis ||
        (clips(style.overflowX) && (right > box.right + SLACK_PX || left < box.left - SLACK_PX))
      ) {
        found.push(`cut off in its width: “${short(text)}” in ${place(at)}`);
        break;
      }
      if (clips(style.overflowY) && (bottom > box.bottom + SLACK_PX || top < box.top - SLACK_PX)) {
        found.push(`cut off in its height: “${short(text)}” in ${place(at)}`);
        break;
      }
      // What scrolls can be reached, up and down; sideways nobody looks for it.
      if (style.overflowX === 'auto' && at.scrollWidth > at.clientWidth + SLACK_PX) {
        found.push(`scrolls sideways: ${place(at)}`);
        break;
      }
      if (style.overflowY === 'auto' || style.overflowY === 'scroll' || style.position === 'fixed') break;
      if (at === element || at.tagName === 'BUTTON') {
        const beside = right > box.right + SLACK_PX || left < box.left - SLACK_PX;
        if (beside && style.whiteSpace !== 'nowrap' && style.display !== 'contents')
          found.push(`wider than its box: “${short(text)}” in ${place(at)}`);
      }
    }
  }

  /** On top at its middle; what lies over the page covers what is under it, and may. */
  const onTop = ({ element, box }) => {
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false;
    const hit = document.elementFromPoint(x, y);
    return hit !== null && (element.contains(hit) || hit.contains(element));
  };
  /** What of a box is left by those that cut it. */
  const left = (element, box) => {
    let { left, right, top, bottom } = box;
    for (let at = element; at !== null && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === 'inline') continue;
      const around = at.getBoundingClientRect();
      if (style.overflowX !== 'visible')
        [left, right] = [Math.max(left, around.left), Math.min(right, around.right)];
      if (style.overflowY !== 'visible')
        [top, bottom] = [Math.max(top, around.top), Math.min(bottom, around.bottom)];
    }
    return { left, right, top, bottom, height: bottom - top };
  };
  const lines = texts
    .flatMap(({ text, element, boxes }) =>
      boxes
        .map((whole) => left(element, whole))
        .filter((box) => box.right > box.left && box.bottom > box.top)
        .map((box) => ({
          text,
          element,
          box: {
            left: box.left + 1,
            right: box.right - 1,
            top: box.top + box.height * 0.22,
            bottom: box.bottom - box.height * 0.22,
          },
        })),
    )
    .sort((a, b) => a.box.left - b.box.left);
  /** One lies on a sheet over the page that the other is not on: it covers the other's end, and may. */
  const onSheetOver = (one, other) => {
    for (let at = one.element; at !== null && !at.contains(other.element); at = at.parentElement) {
      const { position, backgroundColor } = getComputedStyle(at);
      if (['absolute', 'fixed'].includes(position) && !/^rgba\(|\/|transparent/.test(backgroundColor))
        return true;
    }
    return false;
  };
  const covers = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  lines.forEach((a, i) => {
    for (let j = i + 1; j < lines.length && lines[j].box.left < a.box.right; j += 1) {
      const b = lines[j];
      if (a.element === b.element || !covers(a.box, b.box) || !onTop(a) || !onTop(b)) continue;
      if (onSheetOver(a, b) || onSheetOver(b, a)) continue;
      found.push(`on each other: “${short(a.text)}” and “${short(b.text)}” in ${place(a.element)}`);
    }
  });
  return [...new Set(found)];
}
