// A curve y(x) through given points, straight in between: windows, integrals, slopes and crossings of zero.

/** x ascending or descending, same length as y. */
export interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Index k of the interval [x[k], x[k+1]] (in either direction) that holds a place; undefined outside. */
function interval({ x }: Curve, at: number): number | undefined {
  const last = x.length - 1;
  const sign = x[last] >= x[0] ? 1 : -1;
  if (!(sign * (at - x[0]) >= 0 && sign * (x[last] - at) >= 0)) return undefined;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sign * (x[middle] - at) <= 0) low = middle;
    else high = middle;
  }
  return low;
}

const between = (x0: number, y0: number, x1: number, y1: number, x: number): number =>
  x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);

/** y at a place, or undefined outside. */
export function valueAt(c: Curve, at: number): number | undefined {
  const k = interval(c, at);
  if (k === undefined) return undefined;
  return c.x.length === 1 ? c.y[0] : between(c.x[k], c.y[k], c.x[k + 1], c.y[k + 1], at);
}

/** dy/dx at a place, or undefined outside: slopes of the parabolas through three points, straight in between. */
export function slopeAt(c: Curve, at: number): number | undefined {
  const k = interval(c, at);
  if (k === undefined || c.x.length < 2) return undefined;
  return between(c.x[k], slope(c, k), c.x[k + 1], slope(c, k + 1), at);
}

function slope({ x, y }: Curve, k: number): number {
  const last = x.length - 1;
  if (last === 1) return (y[1] - y[0]) / (x[1] - x[0]);
  const m = Math.min(Math.max(k, 1), last - 1);
  const before = x[m] - x[m - 1];
  const after = x[m + 1] - x[m];
  const left = (y[m] - y[m - 1]) / before;
  const right = (y[m + 1] - y[m]) / after;
  const curvature = (2 * (right - left)) / (before + after);
  return (left * after + right * before) / (before + after) + curvature * (x[k] - x[m]);
}

/** The part between two places, with points interpolated at both ends; empty when it lies outside. */
export function cut(c: Curve, from?: number, to?: number): Curve {
  if (from === undefined && to === undefined) return c;
  const last = c.x.length - 1;
  const low = Math.max(from ?? Number.NEGATIVE_INFINITY, Math.min(c.x[0], c.x[last]));
  const high = Math.min(to ?? Number.POSITIVE_INFINITY, Math.max(c.x[0], c.x[last]));
  if (!(low <= high)) return { x: new Float64Array(0), y: new Float64Array(0) };
  const inner = [...c.x.keys()].filter((k) => c.x[k] > low && c.x[k] < high);
  const ends = c.x[last] >= c.x[0] ? [low, high] : [high, low];
  return {
    x: Float64Array.from([ends[0], ...inner.map((k) => c.x[k]), ends[1]]),
    y: Float64Array.from([valueAt(c, ends[0])!, ...inner.map((k) => c.y[k]), valueAt(c, ends[1])!]),
  };
}

/** ∫ y |dx|, by trapezoids. */
export function integral({ x, y }: Curve): number {
  let sum = 0;
  for (let k = 1; k < x.length; k++) sum += ((y[k] + y[k - 1]) / 2) * Math.abs(x[k] - x[k - 1]);
  return sum;
}

const width = ({ x }: Curve): number => Math.abs(x[x.length - 1] - x[0]);

/** ∫ y dx / ∫ dx; the value itself when the curve is one point wide. */
export const average = (c: Curve): number => (width(c) > 0 ? integral(c) / width(c) : c.y[0]);

/** √(∫ y² dx / ∫ dx), exact for the straight pieces. */
export function rootMeanSquare(c: Curve): number {
  if (width(c) === 0) return Math.abs(c.y[0]);
  let sum = 0;
  for (let k = 1; k < c.x.length; k++) {
    const a = c.y[k - 1];
    const b = c.y[k];
    sum += ((a * a + a * b + b * b) / 3) * Math.abs(c.x[k] - c.x[k - 1]);
  }
  return Math.sqrt(sum / width(c));
}

/**
 * Where y passes through zero, in the order of the points. A curve that only touches zero does not cross it; one that
 * arrives at zero with its last point does.
 */
export function crossings({ x, y }: Curve, edge: 'cross' | 'rise' | 'fall'): readonly number[] {
  const places: number[] = [];
  let from = -1;
  for (let k = 0; k < x.length; k++) {
    const arrives = y[k] === 0 && k === x.length - 1;
    if (y[k] === 0 && !arrives) continue;
    if (from >= 0 && (arrives || y[k] > 0 !== y[from] > 0)) {
      const rising = y[from] < 0;
      if (edge === 'cross' || (edge === 'rise') === rising) {
        const next = from + 1;
        places.push(x[from] + ((x[next] - x[from]) * y[from]) / (y[from] - y[next]));
      }
    }
    from = k;
  }
  return places;
}
