// What the laws of degradation say before anything is measured: the rms relative error of a gradient against that of the
// same chip, and the β at which bias and noise of reading are in balance.
import type { Workspace } from '../../../solve/workspace.js';
import type { Problem, Sample } from '../../problem.js';
import { symmetrizer } from '../../symmetrizer.js';
import { type Circumstances, circumstances, norm } from '../circumstances.js';
import { type Method, methodNamed } from '../methods.js';
import type { Hardware, KnobName } from '../registry.js';
import { lag, slowestMode } from '../settling.js';
import { type Bias, biasAt, biasOf, ORDER } from './bias.js';
import { conversionLaw } from './conversion.js';
import { copyMismatchLaw, copyOffsetLaw, copySensitivity } from './copying.js';
import { deadShare } from './dead.js';
import {
  type Contribution,
  isContrast,
  isFaithful,
  isHarmonic,
  isStress,
  type Law,
  type Request,
  type Site,
  scaled,
  squared,
  sum,
  weightsBy,
} from './law.js';
import { leakage, leakLaw } from './leaking.js';
import { readingLaw, readingVariance, thermalLaw } from './noise.js';
import { gainLaw, gainSpreadLaw, nudgeConversionLaw, offsetLaw } from './nudging.js';
import { settlingLaw } from './settling.js';
import { meanOf, relativeErrorOf } from './total.js';

const LAWS: readonly Law[] = [
  readingLaw,
  conversionLaw,
  thermalLaw,
  gainLaw,
  gainSpreadLaw,
  offsetLaw,
  nudgeConversionLaw,
  leakLaw,
  settlingLaw,
  copyOffsetLaw,
];

/** Faults for which there is no law: with one of them turned up nothing is predicted. */
const LAWLESS: readonly KnobName[] = ['drift'];
/** Faults that leave a chip unlike its design, by no small amount: what errors it then has the design does not say. */
const BREAKING: readonly KnobName[] = ['stuck', 'dead'];
/** Faults that move the S of a chip away from that of its design, by which it is nudged and read. */
const REWEIGHTING: readonly KnobName[] = ['mismatch', 'wire'];

/** Contrasts of phases resolve no less of a gradient: what the solutions of both round off is no law's. */
const RESOLVED = 1e-9;

/** Where bias and noise of reading are in balance. */
export interface Optimum {
  /** f over ∇c. */
  readonly beta: number;
  /** rms relative error there. */
  readonly relativeError: number;
}

/** The laws of degradation of one design, each to first order in its fault; what is independent adds in squares. */
export interface Predictor {
  /**
   * Relative error that the laws give; NaN when one of them is not known for this method, or when what they leave out is not
   * small beside what they hold.
   */
  relativeError(method: Method, hardware: Hardware, beta: number): number;
  /** Share of dead edges that converters leave, NaN when nothing is known of it. */
  deadShare(method: Method, hardware: Hardware, beta: number): number;
  /** The best β for rules that are contrasts of phases under noise of reading; undefined for others. */
  optimum(method: Method, hardware: Hardware): Optimum | undefined;
}

/** Where no law is known. */
export const SILENT: Predictor = {
  relativeError: () => Number.NaN,
  deadShare: () => Number.NaN,
  optimum: () => undefined,
};

/** S with Gᵀ = S G S⁻¹ of a circuit as designed, 1 where there is none. */
export const designWeights = (problem: Problem, sample: Sample, workspace: Workspace): Float64Array =>
  symmetryOf(circumstances(problem, sample, workspace)).weights;

function symmetryOf(at: Circumstances): Pick<Site, 'weights' | 'symmetrizable'> {
  const found = symmetrizer(at.sample.system, at.G, (i) => at.slope[i] !== 0);
  const symmetrizable = found.offences.length === 0;
  return { symmetrizable, weights: symmetrizable ? found.weights : found.weights.map(() => 1) };
}

/** Rows of the nominal circuit as laws see them. */
export function sitesOf(problem: Problem, workspace: Workspace): readonly Site[] {
  return Array.from({ length: problem.rows }, (_, row) => {
    const at = circumstances(problem, problem.sample(problem.values, row), workspace, row);
    const symmetry = symmetryOf(at);
    const { weights } = symmetry;
    const slowest = slowestMode(at);
    let behind: Float64Array | undefined;
    let byState: Float64Array | undefined;
    return {
      ...at,
      ...symmetry,
      response: at.solve(at.slope.map((c, i) => -c / weights[i])),
      slowest,
      behind: () => (behind ??= lag(at, slowest, problem, workspace)),
      byState: () => (byState ??= readingsByState(at)),
    };
  });
}

/** Step of a state by which its reading is differentiated, relative to the state. */
const STEP = 1e-5;

function readingsByState({ lambda, x, read }: Circumstances): Float64Array {
  const here = read(lambda);
  const scale = norm(x.subarray(0, lambda.length)) / Math.sqrt(lambda.length) || 1;
  return lambda.map((_, k) => {
    const moved = x.slice();
    moved[k] += STEP * scale;
    return squared(read(lambda, moved).map((g, p) => (g - here[p]) / (STEP * scale)));
  });
}

export function createPredictor(problem: Problem, sites: readonly Site[]): Predictor {
  const gradient = meanOf(sites.map((s) => s.gradient));
  const size = norm(gradient);
  const biases = new Map<string, readonly (Bias | undefined)[]>();
  const biasesOf = (method: Method, held: boolean): readonly (Bias | undefined)[] => {
    const key = `${method.name} ${held}`;
    let known = biases.get(key);
    if (known === undefined) biases.set(key, (known = sites.map((s) => biasOf(problem, s, method, held))));
    return known;
  };
  let toCopies: readonly (readonly Float64Array[])[] | undefined;
  const copyLaw = copyMismatchLaw((site) => {
    toCopies ??= sites.map((s, row) => copySensitivity(problem, s, row));
    return toCopies[sites.indexOf(site)];
  });

  /** Relative amount by which a single phase of a circle is displaced by more or less than β dx/dβ. */
  const bentOnce = (request: Request): number => {
    const known = biasesOf(methodNamed('equilibrium:one-sided'), request.hardware.dac > 0);
    return (request.beta * norm(meanOf(known.map((b, row) => b?.curvature ?? sites[row].gradient)))) / size;
  };

  /** Relative amount by which the constants of a chip differ from those of its design. */
  const unlike = ({ method, hardware, scatter }: Request): number => {
    if (BREAKING.some((name) => hardware[name] > 0)) return Infinity;
    const leak = method.rule === 'equilibrium' ? 0 : Math.max(...sites.map((s) => leakage(s, hardware.leak)));
    return scatter + leak + Math.max(...sites.map((s) => 2 * hardware.wire * steepest(s)));
  };

  return {
    relativeError(method, hardware, beta) {
      const scatter = Math.hypot(hardware.mismatch, hardware.granularity / Math.sqrt(12));
      const asked: Request = { method, hardware, beta, shift: 0, scatter };
      if (LAWLESS.some((name) => hardware[name] !== 0)) return Number.NaN;
      if (!isContrast(asked) && !isStress(asked)) return Number.NaN;
      const weighted = sites.some((site) => weightsBy(site, asked) !== undefined);
      if (weighted && REWEIGHTING.some((name) => hardware[name] !== 0)) return Number.NaN;
      const found = isContrast(asked) ? biasesOf(method, hardware.dac > 0) : [];
      const known = found.flatMap((b) => b ?? []);
      if (known.length < found.length) return Number.NaN;
      const finite = known.map((b) => biasAt(b, asked));
      const bent = known.map((b, row) => sum([finite[row].bias!, scaled(b.asymmetry, -1)], gradient.length));
      const moved = known.length > 0 ? norm(meanOf(bent)) : 0;
      const request: Request = { ...asked, shift: isHarmonic(asked) ? bentOnce(asked) : moved / size };
      const rows = sites.map((site, row) => [
        finite[row] ?? {},
        copyLaw(site, request),
        ...LAWS.map((law) => law(site, request)),
      ]);
      if (rows.some((row) => row.includes(undefined))) return Number.NaN;
      // A bias has no time to grow in phases that end early.
      const ends = hardware.free > 0 || hardware.nudged > 0;
      // Sources that are off nudge by another β, each by its own; on a circle chips that scatter do, to a high power.
      const least = Math.min(...sites.map(({ slope }) => norm(slope)));
      const otherwise = hardware.gainspread + (hardware.offset > 0 ? hardware.offset / least : 0);
      const order = ORDER[method.phases];
      const open =
        moved ** 2 * 2 * ((order + 1) * otherwise + Math.max(0, order - 2) * scatter) +
        moved * size * 2 * (order + 1) * otherwise ** 2 +
        (ends ? moved ** 2 : 0);
      const error = relativeErrorOf(rows as Contribution[][], gradient, open, unlike(request));
      return isContrast(asked) && error > 0 && error < RESOLVED ? Number.NaN : error;
    },
    deadShare: (method, hardware, beta) =>
      sites.length > 1
        ? Number.NaN
        : deadShare(sites[0], { method, hardware, beta, shift: 0, scatter: hardware.mismatch }),
    optimum(method, hardware) {
      const request: Request = { method, hardware, beta: 1, shift: 0, scatter: 0 };
      if (!isContrast(request) || hardware.read === 0) return undefined;
      const known = biasesOf(method, false).flatMap((b) => b?.curvature ?? []);
      if (known.length < sites.length || readingLaw(sites[0], request) === undefined) return undefined;
      const variance =
        sites.reduce((total, site) => total + readingVariance(site, request), 0) / sites.length ** 2;
      const k = norm(meanOf(known));
      if (k === 0 || !sites.every((site) => isFaithful(site, request))) return undefined;
      // The least of V/β² + k²β^(2m) over β.
      const m = ORDER[method.phases];
      const beta = (variance / (m * k ** 2)) ** (1 / (2 * m + 2));
      const square = (m + 1) * k ** 2 * beta ** (2 * m);
      return { beta, relativeError: Math.sqrt(square) / norm(gradient) };
    },
  };
}

/** Largest conductance that a node sees. */
const steepest = ({ sample: { system }, G }: Site): number =>
  system.diagonal.reduce((most, slot, i) => (system.isNode[i] ? Math.max(most, Math.abs(G[slot])) : most), 0);
