// A trace with far more points than pixels drawn with the same ink: per pixel column its first, lowest, highest and
// last point.

/** Points closer than this to the line drawn without them are left out, in pixels. */
const TOLERANCE = 0.15;

/** Pixel coordinates of a trace as an SVG path; non-finite values break the line. `px`, `py` map a point to pixels. */
export function tracePath(
  points: number,
  px: (k: number) => number,
  py: (k: number) => number,
  columns: number,
): string {
  const pen = createPen();
  const gap = (k: number): boolean => !Number.isFinite(px(k)) || !Number.isFinite(py(k));
  let k = 0;
  while (k < points) {
    if (gap(k)) {
      pen.lift();
      k++;
    } else if (points <= 4 * columns) {
      pen.to(px(k), py(k));
      k++;
    } else {
      const column = Math.floor(px(k));
      const first = k;
      let low = k;
      let high = k;
      let last = k;
      while (k < points && Math.floor(px(k)) === column && !gap(k)) {
        if (py(k) < py(low)) low = k;
        if (py(k) > py(high)) high = k;
        last = k++;
      }
      const order = [first, Math.min(low, high), Math.max(low, high), last];
      order.forEach((p, n) => {
        if (n === 0 || p !== order[n - 1]) pen.to(px(p), py(p));
      });
    }
  }
  pen.lift();
  return pen.path();
}

/** Draws from the last point kept to the furthest point whose line passes by all points between. */
function createPen(): { to(x: number, y: number): void; lift(): void; path(): string } {
  const out: string[] = [];
  let down = false;
  let x0 = 0;
  let y0 = 0;
  let x1 = 0;
  let y1 = 0;
  let waiting = false;
  let low = 0;
  let high = 0;
  const draw = (x: number, y: number): void => {
    out.push(`${down ? 'L' : 'M'}${round(x)} ${round(y)}`);
    down = true;
    x0 = x;
    y0 = y;
    low = Number.NEGATIVE_INFINITY;
    high = Number.POSITIVE_INFINITY;
    waiting = false;
  };
  return {
    to(x, y) {
      if (!down) return draw(x, y);
      const slope = (y - y0) / (x - x0);
      if (waiting && !(x > x1 && slope >= low && slope <= high)) draw(x1, y1);
      if (x > x0) {
        low = Math.max(low, (y - TOLERANCE - y0) / (x - x0));
        high = Math.min(high, (y + TOLERANCE - y0) / (x - x0));
      }
      x1 = x;
      y1 = y;
      waiting = true;
    },
    lift() {
      if (waiting) draw(x1, y1);
      down = false;
    },
    path: () => out.join(''),
  };
}

const round = (v: number): number => Math.round(v * 10) / 10;
