// μᵀ∂q₀/∂p of the charges with which `uic` begins: by the devices' parameters at the voltages they begin with, and
// by these voltages: IC= of an element, and the first guess it gives its neighbours.
import { type BoundGroup, type Numbered, parameter } from './bind.js';
import { type GradientLoop, localLoop } from './gradient-loops.js';
import { groundedStarts, guess, startingLocals } from './initial.js';
import type { Concerned } from './sensitivity.js';
import { GROUND } from './template.js';

/**
 * @param columnsBehind columns of the gradient that a parameter of an element moves
 * @returns sums of what is concerned, and the gradient, += μᵀ∂q₀/∂p
 */
export function initialGradient(
  numbered: Numbered,
  concerned: readonly Concerned[],
  columnsBehind: (element: number, name: string) => readonly number[],
): (mu: Float64Array, gradient: Float64Array) => void {
  const { structure, bound } = numbered;
  const { size } = structure.layout;
  return (mu, gradient) => {
    const x = new Float64Array(size);
    guess(numbered, x);
    for (const { bound: one, loops, numbers, sums } of concerned) {
      if (loops.charges === undefined) continue;
      const { locals, weights, own } = begin(numbered, one, x, mu);
      loops.charges({ ...numbers, index: own }, sums, sums, weights, locals, 0);
    }
    const byStart = new Float64Array(size);
    for (const one of bound) {
      const loop = localLoop(one.group.template);
      if (loop !== undefined) throughLocals(numbered, one, loop, x, mu, byStart, columnsBehind, gradient);
    }
    const last = new Map(groundedStarts(numbered).map((start) => [start.slot, start]));
    for (const { slot, element, name } of last.values())
      for (const column of columnsBehind(element, name)) gradient[column] += byStart[slot];
  };
}

/** All locals of a group as they begin, the weights of their rows, and the index of an instance's own. */
function begin(
  numbered: Numbered,
  one: BoundGroup,
  x: Float64Array,
  mu: Float64Array,
): { locals: Float64Array; weights: Float64Array; own: Int32Array } {
  const { index, count } = one.block;
  const stride = one.group.template.locals.length;
  const locals = new Float64Array(index.length);
  for (let k = 0; k < count; k++)
    startingLocals(numbered, one, k, x, locals.subarray(k * stride, (k + 1) * stride));
  return {
    locals,
    weights: Float64Array.from(index, (slot) => mu[slot]),
    own: Int32Array.from(index.keys()),
  };
}

/** ∂(μᵀq)/∂local of every instance of a group, back to IC= and to the slots of x that the locals were read from. */
function throughLocals(
  numbered: Numbered,
  one: BoundGroup,
  loop: GradientLoop,
  x: Float64Array,
  mu: Float64Array,
  byStart: Float64Array,
  columnsBehind: (element: number, name: string) => readonly number[],
  gradient: Float64Array,
): void {
  const { structure, lookup, binding } = numbered;
  const { group, block, raw } = one;
  const { locals: declared, initial } = group.template;
  const stride = declared.length;
  const { locals, weights, own } = begin(numbered, one, x, mu);
  const slopes = new Float64Array(locals.length);
  const rows = Int32Array.from({ length: block.count }, (_, k) => k);
  loop({ rows, index: own, derived: block.derived, raw }, slopes, slopes, weights, locals, 0);
  for (let k = 0; k < block.count; k++) {
    const slope = slopes.subarray(k * stride, (k + 1) * stride);
    for (const { parameter: name, plus, minus } of [...initial].reverse()) {
      const element = group.members[k];
      if (Number.isNaN(parameter(structure, element, name, lookup, binding))) continue;
      const [set, sign] = plus !== GROUND ? [plus, 1] : [minus, -1];
      for (const column of columnsBehind(element, name)) gradient[column] += sign * slope[set];
      if (plus !== GROUND && minus !== GROUND) slope[minus] += slope[plus];
      slope[set] = 0;
    }
    for (let j = 0; j < stride; j++) byStart[block.index[k * stride + j]] += slope[j];
  }
}
