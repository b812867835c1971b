// The bias of a finite nudge, k₂β one-sided and k₃β² centred, and of a circuit that no S makes symmetric; k is measured
// on the ideal circuit with a small β.
import { createWorkspace } from '../../../solve/workspace.js';
import type { Problem } from '../../problem.js';
import { POINTS } from '../../rules/equilibrium.js';
import { ruleByName } from '../../rules/registry.js';
import { settleByNewton } from '../../settle.js';
import { norm } from '../circumstances.js';
import type { Method } from '../methods.js';
import type { Request, Site } from './law.js';

/** β at which k is measured moves the state by this share of itself: small beside bends, large beside rounding. */
const SMALL = 1e-3;
/** The same for a bias of so high an order that less of it is rounding. */
const WIDE = 0.05;

/** Order in β of what a finite nudge leaves. */
export const ORDER: Readonly<Record<Method['phases'], number>> = {
  'one-sided': 1,
  centred: 2,
  holomorphic: POINTS,
};

/** What a method is off by as a function of β: asymmetry + curvature·β^k, k = 1 one-sided, 2 centred, N on a circle. */
export interface Bias {
  /** Left when β → 0: λ_EP − λ = G⁻ᵀ∇c − S G⁻¹S⁻¹∇c, one entry per parameter. */
  readonly asymmetry: Float64Array;
  /** k₂, k₃ or what stands before r^N. */
  readonly curvature: Float64Array;
}

export function biasOf(problem: Problem, site: Site, method: Method): Bias {
  const share = method.phases === 'holomorphic' ? WIDE : SMALL;
  const beta = (share * norm(site.x.subarray(0, site.sample.system.n))) / norm(site.response);
  const { gradient } = ruleByName(method.name).estimate(problem, site.sample, {
    ...method.options,
    beta,
    force: true,
    weights: site.weights,
    workspace: createWorkspace(),
    settle: settleByNewton,
    start: site.x,
  });
  const excess = site.response.map((w, i) => site.weights[i] * w - site.lambda[i]);
  const asymmetry =
    method.rule === 'equilibrium' && !site.symmetrizable
      ? site.read(excess)
      : new Float64Array(gradient.length);
  const order = ORDER[method.phases];
  return {
    asymmetry,
    curvature: gradient.map((g, k) => (g - site.gradient[k] - asymmetry[k]) / beta ** order),
  };
}

/** Bias at the β of a request. */
export const biasAt = ({ asymmetry, curvature }: Bias, request: Request): Float64Array => {
  const factor = request.beta ** ORDER[request.method.phases];
  return curvature.map((k, p) => asymmetry[p] + factor * k);
};
