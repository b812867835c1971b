// c(t) and ∂c/∂p(t) along a run: what direct sensitivities know of every instant, and the adjoint only of sums.
import type { Functional } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import { differentiate, parametersAtOnce } from '../../solve/forward.js';
import { blankPiece } from '../../solve/relation.js';
import { createWorkspace } from '../../solve/workspace.js';
import type { RuleOptions } from '../estimate.js';
import type { Problem, Sample } from '../problem.js';
import { isOverTime } from './cost.js';
import { createDrift } from './drift.js';
import { CAPACITY, follow, freeze } from './trajectory.js';

/** What a cost over time adds up, at every instant. */
export interface Wave {
  /** The text of the cost. */
  readonly name: string;
  /** c, without the weight of the cost; one number per instant of `Waves.time`. */
  readonly value: Float64Array;
  /** ∂c/∂p, by parameter of the problem, in units of c per unit of the parameter; each as long as `value`. */
  readonly slopes: readonly Float64Array[];
}

/** What costs over time read along a run, and how it moves with the parameters. */
export interface Waves {
  /** The ends of the accepted steps, s. */
  readonly time: Float64Array;
  /** By cost over time of the sample, in their order. */
  readonly waves: readonly Wave[];
}

/**
 * How the costs over time of a sample move with its parameters at the end of every accepted step, at that instant of time,
 * on the grid that the run took: its steps differentiated forward, as by the rule `direct`.
 *
 * Source: Hocevar, Yang, Trick & Epler, IEEE Trans. Computer-Aided Design 4 (1985) 609.
 *
 * @param sample of `problem.sample`
 * @throws LearningError `no-wave` when no cost is over time, `no-transient` without a `.tran`; SimulationError.
 */
export function sensitivityWaves(problem: Problem, sample: Sample, options: RuleOptions = {}): Waves {
  const functionals = sample.costs.filter(isOverTime).map(({ functional }) => functional);
  if (functionals.length === 0) {
    throw new LearningError('no cost is over time: there are no waves to be differentiated', {
      code: 'no-wave',
      devices: [],
      hint: 'write .cost tran expr={v(out)} for the wave of v(out)',
    });
  }
  const workspace = options.workspace ?? createWorkspace();
  const { sensitivity, values } = sample;
  const tape = freeze(problem, sample, options, workspace);
  const trajectory = follow(problem, sample, tape, workspace);
  const { replay } = trajectory;
  const { n, size } = replay.system;
  const piece = blankPiece();
  const column = (): Float64Array => new Float64Array(tape.pieces);
  const time = column();
  const waves = functionals.map((c): Wave => {
    return { name: c.name, value: column(), slopes: Array.from(values, column) };
  });
  const drift = createDrift();
  const points = (): Float64Array[] =>
    Array.from({ length: piece.count }, (_, j) => trajectory.point(piece.through[j]));
  const x = new Float64Array(size);
  const gradient = new Float64Array(size);
  const unknowns = Int32Array.from({ length: n }, (_, i) => i);

  const most = parametersAtOnce(trajectory, options.capacity ?? CAPACITY);
  for (let first = 0; first < values.length; first += most) {
    const count = Math.min(most, values.length - first);
    differentiate(trajectory, sensitivity, [first, count], (p, claims, sums) => {
      const { to: t, through } = tape.piece(p, piece);
      const place = through[0];
      time[p] = t;
      x.set(trajectory.point(place));
      replay.inputsAt(t, 0, p + 1, tape.modesOf(place), x);
      functionals.forEach((c, k) => {
        waves[k].value[p] = c.value(x, t);
        const explicit = explicitSlopes(c, t);
        gradient.fill(0);
        c.addGradient(x, t, 1, gradient);
        sums.fill(0);
        claims.addPoint(place, unknowns, n, gradient, 0);
        claims.addInputs(gradient, t, 0, p + 1);
        if (drift.open(trajectory, p)) {
          drift.hold();
          drift.add(t, x, [], 1, gradient, points());
          claims.addInstants(p, drift.before(), 0);
        }
        for (let j = 0; j < count; j++) waves[k].slopes[first + j][p] = sums[j] + explicit[first + j];
      });
    });
  }
  trajectory.release();
  tape.release();
  return { time, waves };

  /** ∂c/∂p with x as it is. */
  function explicitSlopes(c: Functional, t: number): Float64Array {
    sensitivity.clear();
    sensitivity.addFunctional(c, 1, x, t);
    return sensitivity.gradient();
  }
}
