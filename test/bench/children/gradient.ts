// Gradients in a process of their own: CPU seconds of a run alone and of its gradient, and the gradient's error along
// one direction against a central difference on the same grid.
import { readFileSync } from 'node:fs';
import { op } from '../../../src/analysis/op.js';
import { transient } from '../../../src/analysis/transient.js';
import { estimate } from '../../../src/learn/compare.js';
import type { Problem } from '../../../src/learn/problem.js';
import { isOverTime, timeCost } from '../../../src/learn/transient/cost.js';
import { follow, freeze } from '../../../src/learn/transient/trajectory.js';
import { problemOf } from '../../../src/lesson/deck.js';
import { createRandom } from '../../../src/math/random.js';
import { parseDeck } from '../../../src/netlist/parse.js';
import { createWorkspace } from '../../../src/solve/workspace.js';
import type { GradientReport, GradientRequest } from '../gradients.js';

const { path, rounds } = JSON.parse(readFileSync(0, 'utf8')) as GradientRequest;
const problem = problemOf(parseDeck(readFileSync(path, 'utf8'), { file: path }));
const workspace = createWorkspace();

/** CPU seconds of the quickest of some rounds. */
function quickest(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < rounds; k++) {
    const { user, system } = process.cpuUsage();
    work();
    const spent = process.cpuUsage({ user, system });
    best = Math.min(best, (spent.user + spent.system) / 1e6);
  }
  return best;
}

const alone = quickest(() => {
  for (let row = 0; row < problem.rows; row++) {
    const { system } = problem.sample(problem.values, row);
    if (problem.transient) transient(system, [], problem.transient, problem.options, { workspace });
    else op(system, [], problem.options, { workspace });
  }
});
let gradient: Float64Array = new Float64Array();
const withGradient = quickest(() => {
  gradient = estimate(problem, 'adjoint', { workspace }).gradient;
});
const report: GradientReport = {
  unknowns: problem.sample(problem.values, 0).system.n,
  parameters: problem.parameters.length,
  rows: problem.rows,
  alone,
  withGradient,
  error: errorAlong(problem),
};
process.stdout.write(JSON.stringify(report));

/** |g·d − (J(p + hd) − J(p − hd))/2h| over |g·d|, for d of the size of p and random signs. */
function errorAlong({ values }: Problem): number {
  const h = 1e-5;
  const random = createRandom(1);
  const direction = values.map((v) => v * (random.uniform() < 0.5 ? -1 : 1));
  const moved = (sign: number): Float64Array => values.map((v, i) => v + sign * h * direction[i]);
  const slope = (costAt(moved(1)) - costAt(moved(-1))) / (2 * h);
  const claimed = gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
  return Math.abs(claimed - slope) / Math.abs(slope);
}

function costAt(values: Float64Array): number {
  if (!problem.transient) return estimate(problem, 'adjoint', { workspace }, values).cost;
  const tape = freeze(problem, problem.sample(problem.values, 0), {}, workspace);
  const sample = problem.sample(values, 0);
  return timeCost(tape, sample.costs.filter(isOverTime)).value(follow(problem, sample, tape, workspace));
}
