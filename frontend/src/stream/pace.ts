/** Least time between two calls, as long as a picture stands. */
const GAP_MS = 16;

/**
 * Calls back soon, and not more often than pictures change. A frame of the browser would do the same, but comes only
 * when the last picture is drawn, and not at all for a page in the background.
 */
export function paced(gap = GAP_MS): (run: () => void) => void {
  let last = -Infinity;
  return (run) => {
    const wait = last + gap - performance.now();
    setTimeout(
      () => {
        last = performance.now();
        run();
      },
      Math.max(0, wait),
    );
  };
}
