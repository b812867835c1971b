// f(x) − 2K(x − x*) with K the antisymmetric part of G at x*: the same circuit at x*, and its transpose around it.
import type { System } from '../../circuit/system.js';
import { augment } from './augment.js';
import { entriesOf } from './structure.js';

/**
 * The system whose G at `at` is Gᵀ of `system` there, and whose f there is the same.
 *
 * @param G filled at `at`, with the coupling of delays at DC
 */
export function reverse(system: System, at: Float64Array, G: Float64Array): System {
  const { n, pattern } = system;
  const { rows, cols } = entriesOf(system);
  // 2K = G − Gᵀ: every entry of G once where it is, once mirrored with the other sign.
  const count = pattern.nnz;
  const entries = { rows: new Int32Array(2 * count), cols: new Int32Array(2 * count) };
  const twiceK = new Float64Array(2 * count);
  for (let k = 0; k < count; k++) {
    entries.rows[k] = entries.cols[count + k] = rows[k];
    entries.cols[k] = entries.rows[count + k] = cols[k];
    twiceK[k] = G[k];
    twiceK[count + k] = -G[k];
  }
  const away = new Float64Array(n);
  return augment(system, {
    entries,
    addCurrents(x, _t, f) {
      for (let i = 0; i < n; i++) away[i] = x[i] - at[i];
      for (let k = 0; k < twiceK.length; k++) f[entries.rows[k]] -= twiceK[k] * away[entries.cols[k]];
    },
    partials(_x, _t, values) {
      for (let k = 0; k < twiceK.length; k++) values[k] = -twiceK[k];
    },
  });
}
