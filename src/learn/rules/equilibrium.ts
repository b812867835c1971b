// Free and nudged phases on one circuit: dC/dp = d/dβ ∂P/∂p, the difference of what every element measures itself.
import { LearningError } from '../../errors.js';
import { createLinearisation, createWorkspace } from '../../solve/workspace.js';
import { tellegenAudit } from '../audit.js';
import { nudge } from '../compose/nudge.js';
import { operatingCost } from '../cost.js';
import type { Rule, Weights } from '../estimate.js';
import { firstHarmonic } from '../holomorphic.js';
import { factorAt, settleByNewton } from '../settle.js';
import { type Symmetrizer, symmetrizer } from '../symmetrizer.js';
import { describeVerdict, symmetryOf, type Verdict, verdict } from '../verdict.js';
import { nudgedPhases, readContrast, readHarmonic } from './contrast.js';
import { costGradient, defaultBeta, freePhase } from './phases.js';

/** Asymmetry above this is no rounding: the rule would answer with a wrong gradient. */
const TOLERATED = 1e-9;
/** Nudges on the circle, and how much wider than a real nudge it is: its error is O(r^N). */
export const POINTS = 6;
const WIDER = 100;

/**
 * Equilibrium propagation: with f(x) + β S⁻¹∇c(x) = 0 in the nudged phases and Gᵀ = S G S⁻¹, every parameter reads
 * ∫ (S dx)ᵀ ∂f/∂p between two phases over the difference of their β; with S = 1 that is ∂P/∂p at one less ∂P/∂p at the
 * other: ½Δv² of a conductance, −½i² of a resistance. Centred the error is O(β²), one-sided O(β), and with N nudges on a
 * circle of radius β in the complex plane O(β^N).
 *
 * Source: Scellier & Bengio, Front. Comput. Neurosci. 11 (2017) 24; centred: Laborieux et al., Front. Neurosci. 15
 * (2021) 633674.
 */
export const equilibrium: Rule = {
  name: 'equilibrium',
  summary:
    'free and nudged phases; needs Gᵀ = S G S⁻¹: reciprocal (S = 1), skew (±1) or layer-weighted circuits',
  variants: ['one-sided', 'centred', 'holomorphic', 'plain', 'skew', 'layer', 'relax'],
  estimate(problem, sample, options) {
    const workspace = options.workspace ?? createWorkspace();
    const cost = operatingCost(sample.costs, 'equilibrium');
    const { system } = sample;
    const analysis = problem.options;
    const settle = options.settle ?? settleByNewton;
    const atRest = nudge(system, cost, { beta: 0 });
    const free = freePhase(atRest, analysis, workspace, options);
    const lin = createLinearisation(atRest, workspace);
    factorAt(atRest, analysis, free.x, lin);
    const gradient = costGradient(system, cost, free.x);
    const reads = (i: number) => gradient[i] !== 0;
    const found = symmetrizer(atRest, lin.G, reads);
    const weights = weightsFor(options.weights ?? 'auto', found);
    const asymmetry = found.asymmetry(weights);
    if (!options.force && (asymmetry > TOLERATED || (options.weights === 'skew' && !isSkew(found)))) {
      throw refusal(verdict(atRest, analysis, workspace, free.x, reads), options.weights ?? 'auto');
    }
    const phases = options.phases ?? 'centred';
    const usual = () =>
      defaultBeta(system, lin, cost, free.x, gradient, weights) * (phases === 'holomorphic' ? WIDER : 1);
    const beta = options.beta ?? usual();
    const at = (strength: number) =>
      settle(nudge(system, cost, { beta: strength, weights }), analysis, workspace, free);
    const reading = found.reading(weights);
    const circle = { radius: beta, points: options.points ?? POINTS, weights, measure: options.measure };
    const read =
      phases === 'holomorphic'
        ? readHarmonic(
            sample,
            cost,
            free,
            firstHarmonic(system, cost, analysis, workspace, free.x, circle),
            reading,
          )
        : readContrast(sample, cost, nudgedPhases(system, at, free, beta, phases === 'one-sided'), reading);
    lin.factor(0);
    const tellegen = tellegenAudit(atRest, lin, read.estimate.costate, gradient, found.hidden);
    return {
      rule: 'equilibrium',
      ...read.estimate,
      validity: { ...read.rest, asymmetry, beta, tellegen },
    };
  },
};

/** S as asked for; where there is none, 1. */
function weightsFor(wanted: Weights, found: Symmetrizer): Float64Array {
  if (wanted instanceof Float64Array) return wanted;
  return wanted === 'plain' || found.offences.length > 0 ? found.weights.map(() => 1) : found.weights;
}

const isSkew = (found: Symmetrizer): boolean => ['reciprocal', 'skew'].includes(symmetryOf(found));

function refusal(found: Verdict, wanted: Weights): LearningError {
  const { symmetry } = found;
  const exists = symmetry !== 'incompatible';
  const what = exists ? 'this circuit is' : 'there is no S for this circuit:';
  return new LearningError(
    `equilibrium with ${wanted instanceof Float64Array ? 'the given S' : `${wanted} weights`} would be biased: ${what} ${describeVerdict(found)}`,
    {
      code: 'not-reciprocal',
      devices: [...new Set(found.breaking.flatMap(({ devices }) => devices))],
      hint: exists
        ? 'leave the weights to auto, which finds S'
        : 'use asymmetric, stress or adjoint, which need no symmetry, or replace the devices named by two-way ones',
    },
  );
}
