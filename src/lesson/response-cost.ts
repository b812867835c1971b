// A cost of an AC response from its expression: a real function of the parts of phasors, each a sum of entries of x.

import { partsOf } from '../circuit/functional.js';
import type { Functional, Signal } from '../circuit/system.js';
import { InputError } from '../errors.js';
import { symbol } from '../expression/build.js';
import { differentiator } from '../expression/derivative.js';
import type { Expr } from '../expression/expression.js';
import { readingOf, realised } from '../expression/phasor.js';
import { interpreter, program } from '../expression/program.js';
import type { ResponseCost } from '../learn/response/cost.js';
import { complaint } from './complaint.js';

/** A symbol that is a part of a phasor. */
interface Part {
  readonly signal: Signal;
  readonly imaginary: boolean;
}

/**
 * @param functionalOf a base signal, `v(out)`, as a functional of x
 * @param lookup values of symbols that are no signals, `hertz` apart
 * @param size of x
 * @throws InputError `complex-value`, `no-phasor-function` for what is no real number; `not-linear` for a current that no
 *   unknown is; as `functionalOf`
 */
export function responseCost(
  name: string,
  expression: Expr,
  functionalOf: (e: Expr) => Functional,
  lookup: (name: string) => number,
  size: number,
): ResponseCost {
  const real = realised(expression);
  if ('code' in real) throw new InputError([complaint(real.code, `${name}: ${real.message}`, real.hint)]);
  const names = program([real]).symbols;
  const parts = names.map((own): Part | undefined => {
    const reading = readingOf(own);
    if (reading === undefined) return undefined;
    return {
      signal: linear(functionalOf(symbol(reading.plus)), size),
      imaginary: reading.part === 'i',
    };
  });
  const free = names.flatMap((own, k) => (parts[k] === undefined ? [] : [{ own, part: parts[k] }]));
  const evaluate = interpreter(program([real]));
  const slopesOf = interpreter(program(free.map(({ own }) => differentiator(own)(real))));
  const one = new Float64Array(1);
  const slopes = new Float64Array(free.length);
  const byName = new Map(names.map((own, k) => [own, parts[k]]));
  const reader =
    (re: Float64Array, im: Float64Array, f: number) =>
    (own: string): number => {
      const part = byName.get(own);
      if (part === undefined) return own === 'hertz' ? f : lookup(own);
      const { index, weight } = part.signal;
      const x = part.imaginary ? im : re;
      return index.reduce((sum, i, k) => sum + weight[k] * x[i], 0);
    };
  return {
    name,
    reads: Int32Array.from(new Set(free.flatMap(({ part }) => [...part.signal.index]))),
    value(re, im, f) {
      evaluate(reader(re, im, f), one);
      return one[0];
    },
    addGradient(re, im, f, factor, byRe, byIm) {
      slopesOf(reader(re, im, f), slopes);
      free.forEach(({ part: { signal, imaginary } }, k) => {
        const into = imaginary ? byIm : byRe;
        signal.index.forEach((i, m) => {
          into[i] += factor * slopes[k] * signal.weight[m];
        });
      });
    },
  };
}

/** Σ weight·x[index] of a functional that is such a sum. @throws InputError `not-linear` */
export function linear(functional: Functional, size: number): Signal {
  const { name, leavesOut = [], hessianRow } = functional;
  if (hessianRow.length > 0 || leavesOut.length > 0 || partsOf(functional).length > 0) {
    const hint =
      'V(node), V(node,node), or the current of a source or an inductor; a source of 0 V in series shows any';
    throw new InputError([complaint('not-linear', `${name} is not a sum of unknowns of the circuit`, hint)]);
  }
  const slope = new Float64Array(size);
  functional.addGradient(new Float64Array(size), 0, 1, slope);
  const index = Int32Array.from([...slope.keys()].filter((i) => slope[i] !== 0));
  return { index, weight: Float64Array.from(index, (i) => slope[i]) };
}
