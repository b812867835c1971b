// The bias of a finite nudge, k₂β one-sided and k₃β² centred; k is measured on the ideal circuit with a small β.
import { createWorkspace } from '../../../solve/workspace.js';
import type { Problem } from '../../problem.js';
import { ruleByName } from '../../rules/registry.js';
import { settleByNewton } from '../../settle.js';
import { norm } from '../circumstances.js';
import type { Method } from '../methods.js';
import { isOneSided, type Request, type Site, scaled } from './law.js';

/** β at which k is measured moves the state by this share of itself: small beside bends, large beside rounding. */
const SMALL = 1e-3;

/** k₂ or k₃, one entry per parameter. */
export function biasConstant(problem: Problem, site: Site, method: Method): Float64Array {
  const beta = (SMALL * norm(site.x.subarray(0, site.sample.system.n))) / norm(site.response);
  const { gradient } = ruleByName(method.rule).estimate(problem, site.sample, {
    ...method.options,
    beta,
    force: true,
    weights: site.weights,
    workspace: createWorkspace(),
    settle: settleByNewton,
    start: site.x,
  });
  const order = method.options.phases === 'one-sided' ? 1 : 2;
  return gradient.map((g, k) => (g - site.gradient[k]) / beta ** order);
}

/** Bias at the β of a request. */
export const biasAt = (constant: Float64Array, request: Request): Float64Array =>
  scaled(constant, isOneSided(request) ? request.beta : request.beta ** 2);
