// What a rule takes of a chip for costs over time: runs that are read at equal instants. `adjoint` and `direct` reckon with
// what is read of one run, `differences` with the costs of many, and `replay` plays the error of one run back into the
// chip itself, or into its copy.
import type { Trajectory } from '../../solve/trajectory.js';
import { centralSlope } from '../central.js';
import type { Sample } from '../problem.js';
import { ruleByName } from '../rules/registry.js';
import { isOverTime } from '../transient/cost.js';
import { follow, freeze } from '../transient/trajectory.js';
import { weightsOf } from '../transient/weights.js';
import { byEcho } from './echo.js';
import { createRuns, type Runs } from './runs.js';
import { sampled } from './sampling.js';
import type { Stand, Taken } from './stand.js';

/** @throws LearningError where the rule does not speak of costs over time, SimulationError where a run fails */
export function inTime(stand: Stand): Taken {
  const { problem, method, workspace } = stand;
  const runs = createRuns(stand);
  const { chip, bill } = runs;
  if (method.rule === 'differences') return { gradient: differences(stand, runs), bill };
  if (method.rule === 'replay') return { gradient: byEcho(stand, runs), bill };
  const { gradient, validity } = ruleByName(method.name).estimate(problem, chip, {
    watch: (run) => asRead(run, runs),
    workspace,
  });
  bill.residual = validity.residual;
  return { gradient, bill };
}

/** A run as it is known: what was misread at the instants is added to it, and between them in proportion. */
function asRead(run: Trajectory, { chip: { system }, K, h, isExact, read }: Runs): Trajectory {
  const points = sampled(run, K);
  const seen = read(system, points);
  if (isExact) return run;
  const { tape } = run.replay;
  const misread = (k: number, i: number): number => seen[k][i] - points[k][i];
  return {
    ...run,
    point(place) {
      const x = run.point(place).slice();
      const t = tape.timeOf(place) / h;
      const k = Math.min(K - 1, Math.floor(t));
      for (let i = 0; i < system.n; i++) x[i] += (k + 1 - t) * misread(k, i) + (t - k) * misread(k + 1, i);
      return x;
    },
  };
}

/** The cost that is read of runs at moved parameters. All take the steps that the first one took. */
function differences({ problem, method, workspace }: Stand, runs: Runs): Float64Array {
  const { chip, K, h, bill, read, aged } = runs;
  const tape = freeze(problem, chip, {}, workspace);
  const costOf = (sample: Sample): number => {
    const run = follow(problem, sample, tape, workspace);
    const seen = read(sample.system, sampled(run, K));
    bill.residual = Math.max(bill.residual, run.residual());
    run.release();
    let cost = 0;
    for (const term of sample.costs.filter(isOverTime)) {
      const weights = weightsOf(term, h, K, 0);
      seen.forEach((x, k) => {
        if (weights[k] !== 0) cost += term.weight * weights[k] * term.functional.value(x, k * h);
      });
    }
    return cost;
  };
  const here = costOf(chip);
  const { step = 0 } = method.options;
  const gradient = chip.values.map((value, p) =>
    centralSlope(
      problem.parameters[p],
      value,
      step,
      (moved) => costOf(aged(chip.at, chip.values.with(p, moved))),
      here,
    ),
  );
  tape.release();
  return gradient;
}
