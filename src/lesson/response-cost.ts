// A cost of an AC response from its expression: a real function of the parts of phasors.

import { partsOf } from '../circuit/functional.js';
import type { Functional, Moving, Signal } from '../circuit/system.js';
import { InputError } from '../errors.js';
import { differentiator } from '../expression/derivative.js';
import type { Expr } from '../expression/expression.js';
import { readingOf, realised } from '../expression/phasor.js';
import { interpreter, program } from '../expression/program.js';
import type { Answer, ResponseCost } from '../learn/response/cost.js';
import { type Phasor, phasorOf } from '../learn/response/phasor.js';
import { complaint } from './complaint.js';

/** A symbol that is a part of a phasor. */
interface Part {
  readonly phasor: Phasor;
  readonly imaginary: boolean;
}

/**
 * @param movingOf a base signal, `v(out)`
 * @param lookup values of symbols that are no signals, `hertz` apart
 * @param size of x
 * @throws InputError `complex-value`, `no-phasor-function` for what is no real number; as `movingOf`
 */
export function responseCost(
  name: string,
  expression: Expr,
  movingOf: (name: string) => Moving,
  lookup: (name: string) => number,
  size: number,
): ResponseCost {
  const real = realised(expression);
  if ('code' in real) throw new InputError([complaint(real.code, `${name}: ${real.message}`, real.hint)]);
  const names = program([real]).symbols;
  const phasors = new Map<string, Phasor>();
  const phasorNamed = (base: string): Phasor => {
    const phasor = phasors.get(base) ?? phasorOf(movingOf(base), size);
    phasors.set(base, phasor);
    return phasor;
  };
  const byName = new Map<string, Part>();
  for (const own of names) {
    const reading = readingOf(own);
    if (reading) byName.set(own, { phasor: phasorNamed(reading.plus), imaginary: reading.part === 'i' });
  }
  const free = [...byName].map(([own, part]) => ({ own, part }));
  const evaluate = interpreter(program([real]));
  const slopesOf = interpreter(program(free.map(({ own }) => differentiator(own)(real))));
  const one = new Float64Array(1);
  const slopes = new Float64Array(free.length);
  const reader = (answer: Answer, f: number) => {
    const known = new Map<Phasor, readonly [number, number]>();
    return (own: string): number => {
      const part = byName.get(own);
      if (part === undefined) return own === 'hertz' ? f : lookup(own);
      const { phasor, imaginary } = part;
      const value = known.get(phasor) ?? phasor.value(answer, 2 * Math.PI * f);
      known.set(phasor, value);
      return value[imaginary ? 1 : 0];
    };
  };
  /** By the real and imaginary part of each phasor. */
  const eachSlope = (
    answer: Answer,
    f: number,
    factor: number,
    give: (phasor: Phasor, alpha: number, beta: number) => void,
  ): void => {
    slopesOf(reader(answer, f), slopes);
    free.forEach(({ part: { phasor, imaginary } }, k) => {
      const slope = factor * slopes[k];
      give(phasor, imaginary ? 0 : slope, imaginary ? slope : 0);
    });
  };
  const all = [...phasors.values()];
  return {
    name,
    reads: Int32Array.from(new Set(all.flatMap(({ reads }) => [...reads]))),
    functionals: all.flatMap(({ functionals }) => functionals),
    value(answer, f) {
      evaluate(reader(answer, f), one);
      return one[0];
    },
    addGradient(answer, f, factor, byRe, byIm) {
      eachSlope(answer, f, factor, (phasor, alpha, beta) =>
        phasor.addGradient(answer, 2 * Math.PI * f, alpha, beta, byRe, byIm),
      );
    },
    addExplicit(answer, f, factor, byPoint, sensitivity) {
      eachSlope(answer, f, factor, (phasor, alpha, beta) =>
        phasor.addExplicit(answer, 2 * Math.PI * f, alpha, beta, byPoint, sensitivity),
      );
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
