// The 1 Hz two-step pulse of unacknowledged marks. A CSS animation, however few its steps, keeps the window painting
// at the screen's full rate; this costs one paint more than the clock's own.

const HALF_MS = 500;

/** One beat: marks step back at once, and come forth half a second later. Call it with each second of the clock. */
export function beat(wanted: boolean): () => void {
  const page = document.documentElement;
  if (!wanted || matchMedia('(prefers-reduced-motion: reduce)').matches) return () => undefined;
  page.setAttribute('data-beat', '');
  const timer = setTimeout(() => page.removeAttribute('data-beat'), HALF_MS);
  return () => {
    clearTimeout(timer);
    page.removeAttribute('data-beat');
  };
}
