// f(x) − 2K(x − x*) + β∇c = 0: the antisymmetric part of G reversed in the nudged phases makes dx/dβ the co-state.
import { createLinearisation, createWorkspace } from '../../solve/workspace.js';
import { tellegenAudit } from '../audit.js';
import { nudge } from '../compose/nudge.js';
import { reverse } from '../compose/reverse.js';
import { operatingCost } from '../cost.js';
import type { Rule } from '../estimate.js';
import { createReader } from '../read.js';
import { linearise, settleByNewton } from '../settle.js';
import { costGradient, defaultBeta, freePhase } from './phases.js';

/** Source: Scurria et al., arXiv 2602.03670: dx/dβ = −(G_s − K)⁻¹∇c = −G⁻ᵀ∇c. */
export const asymmetric: Rule = {
  name: 'asymmetric',
  summary: 'free and nudged phases with the one-way part reversed; exact where that part can be controlled',
  estimate(problem, sample, options) {
    const workspace = options.workspace ?? createWorkspace();
    const cost = operatingCost(sample.costs, 'asymmetric');
    const { system } = sample;
    const analysis = problem.options;
    const settle = options.settle ?? settleByNewton;
    const free = freePhase(system, analysis, workspace, options);
    const lin = createLinearisation(system, workspace);
    linearise(system, analysis, free.x, lin);
    const gradient = costGradient(system, cost, free.x);
    const transposed = reverse(system, free.x, lin.G);
    const beta = options.beta ?? defaultBeta(system, lin, gradient, new Float64Array(system.n).fill(1));
    const at = (strength: number) =>
      settle(nudge(transposed, cost, { beta: strength }), analysis, workspace, free);
    const up = at(beta);
    const down = options.phases === 'one-sided' ? free : at(-beta);
    const span = options.phases === 'one-sided' ? beta : 2 * beta;
    const costate = new Float64Array(system.n).map((_, i) => (up.x[i] - down.x[i]) / span);
    const reader = createReader(sample);
    reader.begin();
    reader.addContrast(down.x, up.x, 1 / span);
    reader.addExplicit(cost, free.x);
    const again = createLinearisation(system, workspace);
    linearise(system, analysis, free.x, again);
    return {
      rule: 'asymmetric',
      cost: cost.value(free.x, 0),
      gradient: reader.gradient(),
      state: free.x,
      costate,
      validity: {
        residual: Math.max(free.residual, up.residual, down.residual),
        beta,
        tellegen: tellegenAudit(system, again, costate, gradient),
        ...(free.settling === undefined ? {} : { settling: free.settling }),
      },
    };
  },
};
