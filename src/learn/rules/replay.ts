// λ as a voltage of the network itself: what a linear reciprocal circuit does when the error is played into it, over time
// in reversed time.
import { createLinearisation, createWorkspace } from '../../solve/workspace.js';
import { tellegenAudit } from '../audit.js';
import { operatingCost } from '../cost.js';
import type { Rule } from '../estimate.js';
import { createReader } from '../read.js';
import { demandSelfAdjoint } from '../self-adjoint.js';
import { linearise } from '../settle.js';
import { replayOverTime } from '../transient/replay.js';
import { alsoBeyond } from './parts.js';
import { costGradient, freePhase } from './phases.js';

/** At rest: sources dead, the currents −∂c/∂v into the nodes that the cost reads. */
const atRest: Rule = {
  name: 'replay',
  summary:
    'the error, in reversed time, into the same network; needs a linear reciprocal circuit, losses allowed',
  estimate(problem, sample, options) {
    const workspace = options.workspace ?? createWorkspace();
    const cost = operatingCost(sample.costs, 'replay');
    const { system } = sample;
    const lin = createLinearisation(system, workspace);
    demandSelfAdjoint(system, lin, 'use adjoint, or stress, which linearises as it goes', options.force);
    const { x, residual } = freePhase(system, problem.options, workspace, options);
    linearise(system, problem.options, x, lin);
    const gradient = costGradient(system, cost, x);
    const lambda = gradient.map((v) => -v);
    lin.lu.solve(lambda);
    const reader = createReader(sample);
    reader.begin();
    reader.addCostate(lambda, x);
    reader.addExplicit(cost, x);
    return {
      rule: 'replay',
      cost: cost.value(x, 0),
      gradient: reader.gradient(),
      state: x,
      costate: lambda,
      validity: { residual, tellegen: tellegenAudit(system, lin, lambda, gradient) },
    };
  },
};

export const replay: Rule = alsoBeyond(atRest, { overTime: replayOverTime });
