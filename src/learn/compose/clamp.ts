// Nodes held at given voltages by ideal sources: their rows become x_o − u_o = 0, and whatever current that takes flows.
import type { System } from '../../circuit/system.js';
import type { Rows } from '../../math/rows.js';
import { entriesOf } from './structure.js';

/**
 * A system in which unknown `nodes[k]` is held at `values[k]`; pattern and unknowns stay the same.
 *
 * @throws RangeError for a node that is no unknown
 */
export function clamp(system: System, nodes: ArrayLike<number>, values: ArrayLike<number>): System {
  const { n, diagonal } = system;
  const held = Int32Array.from(nodes);
  const isHeld = new Uint8Array(n);
  for (const node of held) {
    if (!(node >= 0 && node < n)) throw new RangeError(`unknown ${node} is not below ${n}`);
    isHeld[node] = 1;
  }
  const { rows } = entriesOf(system);
  const slots = Int32Array.from([...rows.keys()].filter((k) => rows[k] < n && isHeld[rows[k]]));
  const kept = new Float64Array(held.length);

  const hold = (x: Float64Array, f: Float64Array, G?: Float64Array, C?: Float64Array): void => {
    for (let k = 0; k < held.length; k++) f[held[k]] = x[held[k]] - values[k];
    if (G === undefined || C === undefined) return;
    for (const slot of slots) G[slot] = C[slot] = 0;
    for (const node of held) G[diagonal[node]] = 1;
  };
  /** What `add` adds to held rows is what their sources supply. */
  const around = (f: Float64Array, add: () => void): void => {
    for (let k = 0; k < held.length; k++) kept[k] = f[held[k]];
    add();
    for (let k = 0; k < held.length; k++) f[held[k]] = kept[k];
  };
  const through =
    (evaluate: System['evaluate']): System['evaluate'] =>
    (x, t, f, q, G, C, limited) => {
      evaluate(x, t, f, q, G, C, limited);
      hold(x, f, G, C);
    };
  const { evaluateComplex: _ofSystemAlone, addTimeSlopes: _ofItToo, ...rest } = system;
  return {
    ...rest,
    linear: false,
    isNode: system.isNode.map((is, i) => (isHeld[i] ? 0 : is)),
    linearRows: { G: without(system.linearRows.G, isHeld), C: without(system.linearRows.C, isHeld) },
    evaluate: through(system.evaluate),
    addNonlinear: through(system.addNonlinear),
    addChargeRates: (qdot, f) => around(f, () => system.addChargeRates(qdot, f)),
    addRates: (xdot, qdot, f) => around(f, () => system.addRates(xdot, qdot, f)),
  };
}

/** The matrix with the marked rows empty. */
function without({ start, column, value }: Rows, isEmpty: Uint8Array): Rows {
  const columns: number[] = [];
  const values: number[] = [];
  const begins = new Int32Array(start.length);
  for (let r = 0; r + 1 < start.length; r++) {
    for (let k = start[r]; k < start[r + 1] && !isEmpty[r]; k++) {
      columns.push(column[k]);
      values.push(value[k]);
    }
    begins[r + 1] = columns.length;
  }
  return { start: begins, column: Int32Array.from(columns), value: Float64Array.from(values) };
}
