// A bench as data: everything that decides its answers, so that it can be sent to threads and known again.
import { type Bench, createBench, type Failure, type Trial } from '../learn/hardware/bench.js';
import { type Method, methodNamed } from '../learn/hardware/methods.js';
import type { Hardware } from '../learn/hardware/registry.js';
import { problemOf } from '../lesson/deck.js';
import { withWires } from '../lesson/wires.js';
import type { Deck } from '../netlist/deck.js';

/** Everything that decides what a bench answers. */
export interface BenchPlan {
  readonly deck: Deck;
  readonly parameters: ReadonlyMap<string, number>;
  readonly options: ReadonlyMap<string, number | string>;
  readonly methods: readonly string[];
  readonly points: readonly Hardware[];
  readonly seed: number;
}

/** The `sample`-th chip of a point. */
export interface BenchTask {
  readonly point: number;
  readonly sample: number;
}

export type Outcomes = readonly (Trial | Failure)[];

/** @throws InputError when the deck poses no problem, LearningError or SimulationError when its circuit has no gradient */
export function benchOf({ deck, parameters, options }: BenchPlan): Bench {
  const given = { parameters, options };
  let wired: ReturnType<typeof problemOf> | undefined;
  return createBench(problemOf(deck, given), () => (wired ??= problemOf(withWires(deck), given)));
}

export const methodsOf = ({ methods }: BenchPlan): readonly Method[] => methods.map(methodNamed);

/** What the rules do on one chip. */
export const benched = (bench: Bench, plan: BenchPlan, { point, sample }: BenchTask): Outcomes =>
  bench.run(methodsOf(plan), plan.points[point], plan.seed, sample);
