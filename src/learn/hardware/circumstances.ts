// A circuit about its operating point: G, C, λ and the exact gradient; what the laws of degradation take their constants
// from.
import { LearningError } from '../../errors.js';
import { createLu, type Lu } from '../../math/lu.js';
import { createLinearisation, type Workspace } from '../../solve/workspace.js';
import { type OperatingCost, operatingCost } from '../cost.js';
import { demandFiniteCosts, inRow } from '../finite.js';
import type { Problem, Sample } from '../problem.js';
import { createReader } from '../read.js';
import { costGradient } from '../rules/phases.js';
import { linearise, settleByNewton } from '../settle.js';
import { kindsOf } from './kinds.js';

export interface Circumstances {
  readonly sample: Sample;
  readonly cost: OperatingCost;
  /** Unknowns and inputs at rest, length size. */
  readonly x: Float64Array;
  readonly modes: Float64Array;
  /** Slots of ∂f/∂x and ∂q/∂x. */
  readonly G: Float64Array;
  readonly C: Float64Array;
  /** ∇c, length n. */
  readonly slope: Float64Array;
  /** Gᵀλ = −∇c, length n. */
  readonly lambda: Float64Array;
  /** dc/dp, exact. */
  readonly gradient: Float64Array;
  /** b := G⁻¹b, and b := G⁻ᵀb; length n. */
  solve(b: Float64Array): Float64Array;
  solveTransposed(b: Float64Array): Float64Array;
  /** What a co-state λ (length n) is read as: λᵀ∂f/∂p, one entry per parameter; at x unless another state is given. */
  read(lambda: Float64Array, state?: Float64Array): Float64Array;
  /** ∂f_k/∂p for every unknown k: the columns that `read` is made of. */
  columns(): readonly Float64Array[];
}

/**
 * A sample at rest, linearised; its costs are at rest, too.
 * @param row which it is, for messages
 * @throws SimulationError when it has no operating point; LearningError when G is singular there, or a cost is no number
 */
export function circumstances(
  problem: Problem,
  sample: Sample,
  workspace: Workspace,
  row = 0,
): Circumstances {
  const { system } = sample;
  const cost = operatingCost(sample.costs, 'the test bench');
  const { x, modes } = settleByNewton(system, problem.options, workspace);
  demandFiniteCosts(sample, x, inRow(problem, row));
  const lin = createLinearisation(system, workspace);
  if (linearise(system, problem.options, x, lin) !== 0) {
    throw new LearningError('the linearised circuit is singular: it has no gradient', {
      code: 'singular-matrix',
      devices: [],
      hint: 'tellegen check names the nodes that nothing holds',
    });
  }
  const slope = costGradient(system, cost, x);
  const lambda = slope.map((c) => -c);
  lin.lu.solveTransposed(lambda);
  const { G, C } = lin;
  const reader = createReader(sample);
  const read = (any: Float64Array, state = x): Float64Array => {
    reader.begin();
    reader.addCostate(any, state);
    return reader.gradient();
  };
  reader.begin();
  reader.addCostate(lambda, x);
  reader.addExplicit(cost, x);
  const gradient = reader.gradient();
  let columns: readonly Float64Array[] | undefined;
  let factors: Lu | undefined;
  const lu = (): Lu => {
    if (factors === undefined) {
      factors = createLu(system.pattern);
      factors.factor(G);
    }
    return factors;
  };
  return {
    sample,
    cost,
    x,
    modes,
    G,
    C,
    slope,
    lambda,
    gradient,
    solve(b) {
      lu().solve(b);
      return b;
    },
    solveTransposed(b) {
      lu().solveTransposed(b);
      return b;
    },
    read,
    columns() {
      columns ??= Array.from({ length: system.n }, (_, k) => read(unit(system.n, k)));
      return columns;
    },
  };
}

/**
 * Slots of ∂f/∂x where chips begin: at rest, or with `uic` and costs over time alone, without any voltages.
 *
 * @throws SimulationError when there is no operating point
 */
export function conductances(problem: Problem, { system }: Sample, workspace: Workspace): Float64Array {
  const beginsEmpty = problem.transient?.uic === true && kindsOf(problem).every((kind) => kind === 'tran');
  const x = beginsEmpty
    ? new Float64Array(system.size)
    : settleByNewton(system, problem.options, workspace).x;
  const lin = createLinearisation(system, workspace);
  linearise(system, problem.options, x, lin);
  return lin.G;
}

/** The k-th unit vector. */
export function unit(n: number, k: number): Float64Array {
  const e = new Float64Array(n);
  e[k] = 1;
  return e;
}

export function norm(a: Float64Array): number {
  let sum = 0;
  for (const v of a) sum += v * v;
  return Math.sqrt(sum);
}
