// The currents that nudge, β∇c, as sources make them: with an error of gain, an offset, on the steps of a converter.
import type { Functional } from '../../circuit/system.js';
import type { Random } from '../../math/random.js';
import type { OperatingTerm } from '../cost.js';
import type { Sample } from '../problem.js';
import { BUT_AC, type Knob, positive } from './knob.js';

export const gain: Knob = {
  name: 'gain',
  unit: '',
  summary: 'relative error of gain that all nudge sources have in common',
  ideal: 0,
  min: -1,
  max: 1e6,
  costs: BUT_AC,
};
export const gainSpread = positive('gainspread', '', 'relative σ of the gains of single nudge sources', {
  costs: BUT_AC,
});
export const offset = positive('offset', '∂c/∂v', 'rms offset that every nudge source adds to its ∂c/∂v', {
  costs: BUT_AC,
});
export const dac: Knob = positive(
  'dac',
  'bit',
  'bits of the converters that nudge (0: unlimited); they hold what the free phase asks',
  { max: 52, whole: true, costs: BUT_AC },
);
export const dacRange = positive(
  'dacrange',
  'β·∂c/∂v',
  'what the converters that nudge span, from −range/2 to range/2 (0: twice the largest nudge)',
  { costs: BUT_AC },
);

export interface NudgeSource {
  readonly gain: number;
  readonly spread: number;
  readonly offset: number;
  readonly bits: number;
  readonly range: number;
  readonly beta: number;
}

/** The terms of a cost as imperfect sources nudge with them; the cost itself reads as before. */
export interface Sources {
  readonly terms: readonly OperatingTerm[];
  /** What the sources are asked for at x is converted, and held from now on. Without converters nothing happens. */
  hold(x: Float64Array): void;
}

/** The rows that one term nudges, the error of each source, and what it holds. */
interface Outputs {
  readonly term: OperatingTerm;
  readonly rows: readonly number[];
  readonly gains: readonly number[];
  readonly offsets: readonly number[];
  held: readonly number[] | undefined;
}

/** @param x an operating point, to see which rows are nudged */
export function nudgeSources(
  terms: readonly OperatingTerm[],
  x: Float64Array,
  source: NudgeSource,
  random: Random,
): Sources {
  const outputs = terms.map((term, k): Outputs => {
    const rows = nudgedRows(term.functional, x);
    const own = random.split(k);
    const gains = rows.map(() => 1 + source.gain + source.spread * own.normal());
    const offsets = rows.map(() => (source.offset * own.normal()) / term.weight);
    return { term, rows, gains, offsets, held: undefined };
  });
  return {
    terms: isIdeal(source)
      ? terms
      : outputs.map((output) => ({ ...output.term, functional: throughSources(output) })),
    hold(at) {
      if (source.bits === 0) return;
      const asked = outputs.map(({ term, rows }) => {
        const gradient = gradientOf(term.functional, at);
        return rows.map((row) => source.beta * term.weight * gradient[row]);
      });
      const largest = Math.max(0, ...asked.flat().map(Math.abs));
      const range = source.range > 0 ? source.range : 2 * largest;
      const step = range / 2 ** source.bits;
      outputs.forEach((output, k) => {
        const scale = source.beta * output.term.weight;
        output.held = asked[k].map((h) => (step > 0 ? converted(h, step, range) / scale : 0));
      });
    },
  };
}

const isIdeal = ({ gain, spread, offset, bits }: NudgeSource): boolean =>
  gain === 0 && spread === 0 && offset === 0 && bits === 0;

/** The step of a converter beside a value, which it holds to its range. */
export const converted = (value: number, step: number, range: number): number =>
  step * Math.round(Math.max(-range / 2, Math.min(range / 2, value)) / step);

/** A functional whose gradient is what the sources deliver. */
function throughSources(output: Outputs): Functional {
  const { functional } = output.term;
  const place = new Map(output.rows.map((row, k) => [row, k]));
  const { derivativesComplex } = functional;
  const gainOf = (row: number): number => output.gains[place.get(row)!];
  return {
    ...functional,
    addGradient(x, t, factor, gradient) {
      const asked = output.held ?? gather(gradientOf(functional, x), output.rows);
      output.rows.forEach((row, k) => {
        gradient[row] += factor * (output.gains[k] * asked[k] + output.offsets[k]);
      });
      return functional.value(x, t);
    },
    hessian(x, t, values) {
      if (output.held) {
        values.fill(0);
        return;
      }
      functional.hessian(x, t, values);
      functional.hessianRow.forEach((row, k) => {
        values[k] *= gainOf(row);
      });
    },
    ...(derivativesComplex && {
      derivativesComplex(x, t, gradient, hessian) {
        derivativesComplex(x, t, gradient, hessian);
        const { held } = output;
        output.rows.forEach((row, k) => {
          gradient.re[row] = output.gains[k] * (held ? held[k] : gradient.re[row]) + output.offsets[k];
          gradient.im[row] = held ? 0 : output.gains[k] * gradient.im[row];
        });
        functional.hessianRow.forEach((row, k) => {
          hessian.re[k] *= held ? 0 : gainOf(row);
          hessian.im[k] *= held ? 0 : gainOf(row);
        });
      },
    }),
  };
}

const gather = (a: Float64Array, rows: readonly number[]): readonly number[] => rows.map((row) => a[row]);

function gradientOf(c: Functional, x: Float64Array): Float64Array {
  const gradient = new Float64Array(x.length);
  c.addGradient(x, 0, 1, gradient);
  return gradient;
}

function nudgedRows(c: Functional, x: Float64Array): readonly number[] {
  const gradient = gradientOf(c, x);
  return [...new Set([...c.hessianRow, ...gradient.keys()])].filter(
    (row) => gradient[row] !== 0 || c.hessianRow.includes(row),
  );
}

/** A sample whose nudges come from other sources; its cost reads as before. */
export function nudgedBy(chip: Sample, terms: readonly OperatingTerm[]): Sample {
  const { sensitivity } = chip;
  const own = chip.costs.flatMap((term) => (term.at === 'op' ? [term.functional] : []));
  const original = new Map(terms.map((term, k) => [term.functional, own[k]]));
  return {
    ...chip,
    sensitivity: {
      ...sensitivity,
      addFunctional: (c, factor, x, t) => sensitivity.addFunctional(original.get(c) ?? c, factor, x, t),
    },
    costs: terms,
  };
}
