// Lattice of travelling waves on lossless lines in a row: exact at instants one grid step apart.

export interface LineChain {
  /** Source voltage over time, and the resistances of source and load in Ω. */
  readonly source: (t: number) => number;
  readonly sourceResistance: number;
  readonly loadResistance: number;
  /** Impedance in Ω and delay in whole grid steps of each line. */
  readonly lines: readonly (readonly [impedance: number, steps: number])[];
  /** s */
  readonly grid: number;
}

/** Voltages of all joints, from the source's end to the load's, at time t. A wave a on a line arrives as 2a behind its impedance. */
export function jointVoltages(chain: LineChain, t: number): number[] {
  const { lines, grid, sourceResistance, loadResistance } = chain;
  const onward = lines.map(([, steps]) => new Float64Array(steps));
  const back = lines.map(([, steps]) => new Float64Array(steps));
  let v: number[] = [];
  const count = Math.floor(t / grid) + 1;
  for (let k = 0; k <= count; k++) {
    const now = t - (count - k) * grid;
    const arriving = lines.map(([, steps], j) => ({ right: onward[j][k % steps], left: back[j][k % steps] }));
    v = Array.from({ length: lines.length + 1 }, (_, j) => {
      let current = j === 0 ? chain.source(now) / sourceResistance : 0;
      let conductance = j === 0 ? 1 / sourceResistance : j === lines.length ? 1 / loadResistance : 0;
      if (j > 0) {
        current += (2 * arriving[j - 1].right) / lines[j - 1][0];
        conductance += 1 / lines[j - 1][0];
      }
      if (j < lines.length) {
        current += (2 * arriving[j].left) / lines[j][0];
        conductance += 1 / lines[j][0];
      }
      return current / conductance;
    });
    lines.forEach(([, steps], j) => {
      onward[j][k % steps] = v[j] - arriving[j].left;
      back[j][k % steps] = v[j + 1] - arriving[j].right;
    });
  }
  return v;
}

/** A trapezoid as PULSE(0 v td tr tf pw) draws it, once. */
export const pulse =
  (v: number, td: number, tr: number, tf: number, pw: number) =>
  (t: number): number => {
    const s = t - td;
    if (s <= 0 || s >= tr + pw + tf) return 0;
    if (s < tr) return (v * s) / tr;
    return s <= tr + pw ? v : v * (1 - (s - tr - pw) / tf);
  };
