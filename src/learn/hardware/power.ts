// What a gradient costs: the power that independent sources deliver. At rest all of it is dissipated; what controlled
// sources and negative resistances draw from supplies of their own is not counted, nor what the nudge itself delivers.
import type { System } from '../../circuit/system.js';

/**
 * A meter of the power delivered by the independent sources at x, W: Σ v·i over the nodes they hold, −v·I over current
 * sources, −i·E over voltage sources between two unknown nodes; with rates of x and of nonlinear charges at an instant of a
 * run, else at rest.
 */
export function powerMeter(
  system: System,
): (x: Float64Array, t?: number, xdot?: Float64Array, qdot?: Float64Array) => number {
  const { n, size, pattern, isNode } = system;
  const f = new Float64Array(size);
  const q = new Float64Array(system.charges);
  const G = new Float64Array(system.slots);
  const C = new Float64Array(system.slots);
  const still = new Float64Array(size);
  const noRates = new Float64Array(system.charges);
  const held = system.inputVariables.flatMap((v, k) => (v.quantity === 'voltage' ? [n + k] : []));
  const isFree = new Uint8Array(size);
  for (let k = n; k < size - 2; k++) isFree[k] = 1;
  for (const k of held) isFree[k] = 0;
  for (const { slot } of [...system.delays, ...system.modes]) isFree[slot] = 0;
  return (x, t = 0, xdot = still, qdot = noRates) => {
    system.evaluate(x, t, f, q, G, C);
    if (xdot !== still) system.addRates(xdot, qdot, f);
    system.evaluateKnownRows(x, t, xdot, qdot, f);
    let watts = 0;
    for (const k of held) watts += x[k] * f[k];
    system.borderRow.forEach((row, k) => {
      const column = system.borderCol[k];
      if (isFree[column] === 0) return;
      const through = x[row] * G[pattern.nnz + k] * x[column];
      watts += row >= n || isNode[row] === 1 ? -through : through;
    });
    return watts;
  };
}
