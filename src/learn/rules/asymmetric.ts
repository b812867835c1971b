// f(x) − 2K(x − x*) + β∇c = 0: the antisymmetric part of G reversed in the nudged phases makes dx/dβ the co-state.
import { createLinearisation, createWorkspace } from '../../solve/workspace.js';
import { tellegenAudit } from '../audit.js';
import { nudge } from '../compose/nudge.js';
import { reverse } from '../compose/reverse.js';
import { operatingCost } from '../cost.js';
import type { Rule } from '../estimate.js';
import { factorAt, settleByNewton } from '../settle.js';
import { nudgedPhases, readContrast } from './contrast.js';
import { costGradient, defaultBeta, freePhase } from './phases.js';

/** Source: Scurria et al., arXiv 2602.03670: dx/dβ = −(G_s − K)⁻¹∇c = −G⁻ᵀ∇c. */
export const asymmetric: Rule = {
  name: 'asymmetric',
  summary: 'free and nudged phases with the one-way part reversed; exact where that part can be controlled',
  variants: ['one-sided', 'centred', 'relax'],
  estimate(problem, sample, options) {
    const workspace = options.workspace ?? createWorkspace();
    const cost = operatingCost(sample.costs, 'asymmetric');
    const { system } = sample;
    const analysis = problem.options;
    const settle = options.settle ?? settleByNewton;
    const free = freePhase(system, analysis, workspace, options);
    const lin = createLinearisation(system, workspace);
    factorAt(system, analysis, free.x, lin);
    const gradient = costGradient(system, cost, free.x);
    const transposed = reverse(system, free.x, lin.G);
    const beta =
      options.beta ?? defaultBeta(system, lin, cost, free.x, gradient, new Float64Array(system.n).fill(1));
    const at = (strength: number) =>
      settle(nudge(transposed, cost, { beta: strength }), analysis, workspace, free);
    const contrast = nudgedPhases(system, at, free, beta, options.phases === 'one-sided');
    const read = readContrast(sample, cost, contrast);
    const again = createLinearisation(system, workspace);
    factorAt(system, analysis, free.x, again);
    return {
      rule: 'asymmetric',
      ...read.estimate,
      validity: {
        ...read.rest,
        beta,
        tellegen: tellegenAudit(system, again, read.estimate.costate, gradient),
      },
    };
  },
};
