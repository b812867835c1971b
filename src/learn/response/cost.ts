// c(X, f): a real function of how a circuit answers its AC sources, and its sum over frequencies.
import type { Functional, Sensitivity, Signal } from '../../circuit/system.js';
import type { CostTerm } from '../problem.js';

/** How a circuit answers its AC sources: X = re + j·im at the operating point x, unknowns and inputs, length size. */
export interface Answer {
  readonly x: Float64Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** A real function of the answer at a frequency f, Hz. */
export interface ResponseCost {
  readonly name: string;
  /** The only entries of x that it reads. */
  readonly reads: Int32Array;
  /** What it reads of laws, whose parameters it depends on by itself. */
  readonly functionals?: readonly Functional[];
  value(answer: Answer, f: number): number;
  /** byRe += factor·∂c/∂re and byIm += factor·∂c/∂im (length size). */
  addGradient(answer: Answer, f: number, factor: number, byRe: Float64Array, byIm: Float64Array): void;
  /** byPoint += factor·∂c/∂x (length size) and the sensitivity += factor·∂c/∂p, both while X is what it is. */
  addExplicit?(
    answer: Answer,
    f: number,
    factor: number,
    byPoint: Float64Array,
    sensitivity: Sensitivity,
  ): void;
}

export type ResponseTerm = Extract<CostTerm, { at: 'ac' }>;

/** Whether a term is of an AC response. */
export const isOfResponse = (term: CostTerm): term is ResponseTerm => term.at === 'ac';

/** What is read at one frequency. */
export interface Instance {
  readonly frequency: number;
  readonly costs: readonly { readonly cost: ResponseCost; readonly factor: number }[];
}

/** Every frequency once, in ascending order, with all that is read there. */
export function byFrequency(terms: readonly ResponseTerm[]): readonly Instance[] {
  const found = new Map<number, { cost: ResponseCost; factor: number }[]>();
  for (const { response: cost, frequencies, weight, share } of terms) {
    for (const f of frequencies) {
      const one = { cost, factor: weight * share };
      const costs = found.get(f);
      if (costs) costs.push(one);
      else found.set(f, [one]);
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([frequency, costs]) => ({ frequency, costs }));
}

/** |s|, in the signal's unit for AC sources of one volt or ampere. */
export const magnitude = (signal: Signal): ResponseCost =>
  ofSignal('magnitude', signal, Math.hypot, (a, b) => {
    const r = Math.hypot(a, b);
    return [a / r, b / r];
  });

/** The angle of s, rad, in (−π, π]. */
export const phase = (signal: Signal): ResponseCost =>
  ofSignal(
    'phase',
    signal,
    (a, b) => Math.atan2(b, a),
    (a, b) => [-b / (a * a + b * b), a / (a * a + b * b)],
  );

function ofSignal(
  name: string,
  { index, weight }: Signal,
  value: (re: number, im: number) => number,
  slope: (re: number, im: number) => readonly [number, number],
): ResponseCost {
  const read = (x: Float64Array) => index.reduce((sum, i, k) => sum + weight[k] * x[i], 0);
  return {
    name,
    reads: index,
    value: ({ re, im }) => value(read(re), read(im)),
    addGradient({ re, im }, _f, factor, byRe, byIm) {
      const [a, b] = slope(read(re), read(im));
      for (let k = 0; k < index.length; k++) {
        byRe[index[k]] += factor * weight[k] * a;
        byIm[index[k]] += factor * weight[k] * b;
      }
    },
  };
}
