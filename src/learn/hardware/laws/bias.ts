// The bias of a finite nudge, a series in β: k₂β + … one-sided, k₃β² + … centred, O(r^N) on a circle, and of a circuit that
// no S makes symmetric; its first two terms are measured on the ideal circuit with two small β.
import { createRandom } from '../../../math/random.js';
import { createWorkspace } from '../../../solve/workspace.js';
import { attempt } from '../../attempt.js';
import type { Problem } from '../../problem.js';
import { POINTS } from '../../rules/equilibrium.js';
import { ruleByName } from '../../rules/registry.js';
import { settleByNewton } from '../../settle.js';
import { norm } from '../circumstances.js';
import type { Method } from '../methods.js';
import { nudgedBy, nudgeSources } from '../nudge-source.js';
import { type Contribution, isContrast, type Request, type Site, sum } from './law.js';

/** β at which k is measured moves the state by this share of itself: small beside bends, large beside rounding. */
const SMALL = 1e-3;
/** The same for a bias of so high an order that less of it is rounding. */
const WIDE = 0.05;
/** The second β, in units of the first: its square is still small, and the next term can be told from rounding. */
const FURTHER = 16;
const WIDER = 2;

/** Order in β of what a finite nudge leaves; the next term has twice that order. */
export const ORDER: Readonly<Record<Method['phases'], number>> = {
  'one-sided': 1,
  centred: 2,
  holomorphic: POINTS,
};

/** What a method is off by as a function of β: asymmetry + curvature·β^m + next·β^(2m), m = 1 one-sided, 2 centred, N on a circle. */
export interface Bias {
  /** Left when β → 0: λ_EP − λ = G⁻ᵀ∇c − S G⁻¹S⁻¹∇c, one entry per parameter. */
  readonly asymmetry: Float64Array;
  /** k₂, k₃ or what stands before r^N. */
  readonly curvature: Float64Array;
  readonly next: Float64Array;
}

/** Converters hold what the free phase asked for: the nudge is a current that does not follow the state. */
const heldSample = ({ sample, cost, x }: Site): Site['sample'] => {
  const exact = { gain: 0, spread: 0, offset: 0, bits: 52, range: 0, beta: 1 };
  const sources = nudgeSources(cost.terms, x, exact, createRandom(0));
  sources.hold(x);
  return nudgedBy(sample, sources.terms);
};

/** Undefined where a phase finds no rest, or no law goes on to complex voltages. */
export function biasOf(problem: Problem, site: Site, method: Method, held: boolean): Bias | undefined {
  const isHolomorphic = method.phases === 'holomorphic';
  const share = isHolomorphic ? WIDE : SMALL;
  const first = (share * norm(site.x.subarray(0, site.sample.system.n))) / norm(site.response);
  const second = first * (isHolomorphic ? WIDER : FURTHER);
  const sample = held ? heldSample(site) : site.sample;
  const estimated = (beta: number) =>
    ruleByName(method.name).estimate(problem, sample, {
      ...method.options,
      beta,
      force: true,
      weights: site.weights,
      workspace: createWorkspace(),
      settle: settleByNewton,
      start: site.x,
    }).gradient;
  const found = attempt(() => [estimated(first), estimated(second)]);
  if (found instanceof Error) return undefined;
  const excess = site.response.map((w, i) => site.weights[i] * w - site.lambda[i]);
  const asymmetry =
    method.rule === 'equilibrium' && !site.symmetrizable
      ? site.read(excess)
      : new Float64Array(site.gradient.length);
  const m = ORDER[method.phases];
  const [a, b] = [first ** m, second ** m];
  const [near, far] = found.map((gradient, j) =>
    gradient.map((g, p) => (g - site.gradient[p] - asymmetry[p]) / [a, b][j]),
  );
  const next = far.map((slope, p) => (slope - near[p]) / (b - a));
  return { asymmetry, curvature: near.map((slope, p) => slope - next[p] * a), next };
}

/**
 * Bias at the β of a request. An error ε of gain that all sources share is another β: (1 + ε)·bias((1 + ε)β). What the
 * series leaves out is about as much smaller than its second term as this is than its first; twice that is allowed for.
 */
export function biasAt({ asymmetry, curvature, next }: Bias, request: Request): Contribution {
  if (!isContrast(request)) return {};
  const gain = 1 + request.hardware.gain;
  const factor = (gain * request.beta) ** ORDER[request.method.phases];
  const first = curvature.map((k) => gain * factor * k);
  const second = next.map((k) => gain * factor ** 2 * k);
  const [size, smaller] = [norm(first), norm(second)];
  return {
    bias: sum([asymmetry.map((k) => gain * k), first, second], first.length),
    offBy: size > 0 ? (2 * smaller ** 2) / size : smaller,
  };
}
