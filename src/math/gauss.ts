// Gauss's rule on [0, 1]: with m nodes exact for polynomials of degree 2m − 1.
export interface Rule {
  /** Ascending. */
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const known: Rule[] = [];

/** The rule with m ≥ 1 nodes; computed once. */
export function gaussRule(m: number): Rule {
  known[m] ??= makeRule(m);
  return known[m];
}

/** Roots of Legendre's polynomial by Newton's method from their asymptotic places. */
function makeRule(m: number): Rule {
  const nodes = new Float64Array(m);
  const weights = new Float64Array(m);
  for (let k = 0; k < m; k++) {
    let z = -Math.cos((Math.PI * (k + 0.75)) / (m + 0.5));
    let slope = 1;
    for (let round = 0; round < 10; round++) {
      let [before, value] = [1, z];
      for (let j = 2; j <= m; j++)
        [before, value] = [value, ((2 * j - 1) * z * value - (j - 1) * before) / j];
      slope = (m * (z * value - before)) / (z * z - 1);
      z -= value / slope;
    }
    nodes[k] = (1 + z) / 2;
    weights[k] = 1 / ((1 - z * z) * slope * slope);
  }
  return { nodes, weights };
}
