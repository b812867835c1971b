// Laws of an error played back: λ is linear in what is played, and to first order in the network that answers, so that
// sources, copies, readings and leaks each add a part of their own.
import type { Problem, Sample } from '../../problem.js';
import type { Echo } from '../../transient/replay.js';
import { conductingPairs, frobenius } from '../leak.js';
import { scattering } from '../mismatch.js';
import type { Hardware } from '../registry.js';
import type { Heard } from './hearing.js';
import { type Contribution, scaled, squared, sum } from './law.js';

type Points = readonly Float64Array[];

/** One row of the design, run in K steps. */
export interface Played {
  readonly sample: Sample;
  readonly row: number;
  readonly echo: Echo;
  readonly errors: Points;
  readonly costates: Points;
  /** The part of the gradient that comes from co-states. */
  read(costates: Points): Float64Array;
  heard(): Heard;
  /** Of the gradient, against the exact one: what the series says, and how far off it may be. */
  readonly bias: Contribution;
}

/** First order in one fault turned up to 1: a vector for every standard normal that decides on it. */
export type Law = (played: Played) => readonly Float64Array[];

export const blank = (x: Float64Array): Float64Array => new Float64Array(x.length);

/** Sources that are off by one gain ε: b + ε(λ-part of the gradient). */
export function byGain({ read, costates, bias }: Played, { gain }: Hardware): Contribution {
  if (gain === 0) return bias;
  return { ...bias, bias: sum([bias.bias!, scaled(read(costates), gain)], bias.bias!.length) };
}

export function byReading(played: Played, { read, reads }: Hardware, beta: number): Contribution {
  if (read === 0) return {};
  const { ofRun, ofAnswers, ofBoth } = played.heard();
  const square = read ** 2 / reads;
  return { variance: square * (ofRun + (ofAnswers + square * ofBoth) / beta ** 2) };
}

/** What is linear in a level, and has no second order. */
export const byChance = (law: Law, played: Played, level: number): Contribution =>
  level === 0 ? {} : { shared: law(played).map((v) => scaled(v, level)) };

/** Of another network to first order; about half its square, relative to the gradient, is left out. */
export function byNetwork(law: Law, played: Played, level: number, gradient: Float64Array): Contribution {
  const { shared = [] } = byChance(law, played, level);
  const square = shared.reduce((all, v) => all + squared(v), 0);
  return { shared, offBy: square / 2 / Math.sqrt(squared(gradient)) };
}

/** A law that takes many solutions, once for every row. */
export function remembered(law: Law): Law {
  const known = new WeakMap<Played, readonly Float64Array[]>();
  return (played) => {
    let found = known.get(played);
    if (found === undefined) known.set(played, (found = law(played)));
    return found;
  };
}

/** Unknowns that an error drives. */
const driven = ({ errors, sample: { system } }: Played): readonly number[] =>
  Array.from({ length: system.n }, (_, i) => i).filter((i) => errors.some((error) => error[i] !== 0));

/** What one source alone contributes. */
export const alone: Law = remembered((played) =>
  driven(played).map((i) => {
    const errors = played.errors.map((error) => {
      const one = blank(error);
      one[i] = error[i];
      return one;
    });
    return played.read(played.echo.answers(errors).costates);
  }),
);

/** One source that plays 1 all the time. */
export const constant: Law = remembered((played) =>
  driven(played).map((i) => {
    const errors = played.errors.map((error, k) => {
      const one = blank(error);
      if (k > 0) one[i] = played.echo.h;
      return one;
    });
    return played.read(played.echo.answers(errors).costates);
  }),
);

/** An unknown that is read too high by the rms of λ. */
export const misread: Law = remembered(({ costates, echo: { first }, read, sample: { system } }) => {
  const { n } = system;
  const there = costates.slice(first);
  const square = there.reduce((all, lambda) => all + squared(lambda.subarray(0, n)), 0);
  const rms = Math.sqrt(square / n / there.length);
  return Array.from({ length: n }, (_, i) =>
    read(
      costates.map((lambda, k) => {
        const one = blank(lambda);
        if (k >= first) one[i] = rms;
        return one;
      }),
    ),
  );
});

const STEP = 1e-5;

/** The answers of a network in which one number is e times as large, by that e. */
export function otherwise(
  problem: Problem,
  { sample, row, echo, errors, costates, read }: Played,
): readonly Float64Array[] {
  const own = read(costates);
  return [...scattering(problem.physical, sample.system.sources)].map(([name, value]) => {
    const other = problem.sample(problem.values, row, new Map([[name, value * (1 + STEP)]]));
    const moved = read(echo.answers(errors, other.system).costates);
    return moved.map((g, p) => (g - own[p]) / STEP);
  });
}

/** K beside G answers as the transpose of −K: 2Kλ apart. */
export function leaking(
  { sample: { system }, costates, echo, read }: Played,
  G: Float64Array,
): readonly Float64Array[] {
  const pairs = conductingPairs(system, G);
  const each = frobenius(system, G) / Math.sqrt(2 * pairs.length);
  return pairs.map(({ i, j }) => {
    const errors = costates.map((lambda) => {
      const one = blank(lambda);
      one[i] = 2 * each * lambda[j];
      one[j] = -2 * each * lambda[i];
      return one;
    });
    return read(echo.answers(errors).costates);
  });
}
