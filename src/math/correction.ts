// Newton's correction of a long vector, and how large it was beside what is allowed.
import { scratch } from './scratch.js';

/** Shorter vectors are sooner corrected by a loop. */
const LONG = 200;

/**
 * x := x − d in the first n entries; max |d_i|/(reltol·|x_i| + absolute_i), NaN where an entry is not finite. Where the
 * maximum is above 0, `where[0]` is its index.
 */
export function correct(
  n: number,
  x: Float64Array,
  d: Float64Array,
  absolute: Float64Array,
  reltol: number,
  where: Int32Array,
): number {
  if (n < LONG) return correctShort(n, x, d, absolute, reltol, where);
  const at = scratch(24 * n + 80);
  const corrected = at.floats(x.length === n ? x : x.subarray(0, n));
  const by = at.floats(d.length === n ? d : d.subarray(0, n));
  const least = at.floats(absolute);
  const found = at.integers(where);
  const addresses = [corrected, by, least, found].map(({ byteOffset }) => byteOffset);
  const norm = at.kernels.correct(n, addresses[0], addresses[1], addresses[2], reltol, addresses[3]);
  x.set(corrected);
  where.set(found);
  return norm;
}

function correctShort(
  n: number,
  x: Float64Array,
  d: Float64Array,
  absolute: Float64Array,
  reltol: number,
  where: Int32Array,
): number {
  let norm = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const by = d[i];
    x[i] -= by;
    sum += by;
    const allowed = reltol * Math.abs(x[i]) + absolute[i];
    if (Math.abs(by) > norm * allowed) {
      norm = Math.abs(by) / allowed;
      where[0] = i;
    }
  }
  return Number.isFinite(sum) ? norm : Number.NaN;
}
