// What several laws say together: errors that are always there add, those by chance in their squares.
import { type Contribution, squared, sum } from './law.js';

/** Largest part of a mean square that may be left open: a fifth of its root, about. */
const OPEN = 0.4;

/**
 * √⟨rel²⟩ of a gradient, the mean over rows that all contribute alike; NaN where too much is left open.
 *
 * @param open mean square that nothing is known of
 * @param unlike relative amount by which the constants of a chip differ from those of its design
 */
export function relativeErrorOf(
  rows: readonly (readonly Contribution[])[],
  gradient: Float64Array,
  open: number,
  unlike: number,
): number {
  const bias = meanOf(
    rows.map((row) =>
      sum(
        row.flatMap((c) => c.bias ?? []),
        gradient.length,
      ),
    ),
  );
  let square = squared(bias);
  let offBy = 0;
  let unsure = open;
  for (const c of rows.flat()) {
    square += (c.variance ?? 0) / rows.length ** 2;
    unsure += (c.unsure ?? 0) / rows.length ** 2;
    offBy += (c.offBy ?? 0) / rows.length;
  }
  rows[0].forEach((c, k) => {
    for (let s = 0; s < (c.shared?.length ?? 0); s++)
      square += squared(meanOf(rows.map((row) => row[k].shared![s])));
  });
  unsure += offBy * (2 * Math.sqrt(square) + offBy);
  if (square === 0 && unsure === 0) return 0;
  return unsure + square * unlike * (2 + unlike) <= OPEN * square
    ? Math.sqrt(square / squared(gradient))
    : Number.NaN;
}

export function meanOf(vectors: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(vectors[0].length);
  for (const v of vectors) for (let k = 0; k < mean.length; k++) mean[k] += v[k] / vectors.length;
  return mean;
}
