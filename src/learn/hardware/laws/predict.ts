// What the laws of degradation say before anything is measured: the rms relative error of a gradient against that of the
// same chip, and the β at which bias and noise of reading are in balance.
import type { Workspace } from '../../../solve/workspace.js';
import type { Problem, Sample } from '../../problem.js';
import { symmetrizer } from '../../symmetrizer.js';
import { type Circumstances, circumstances, norm } from '../circumstances.js';
import type { Method } from '../methods.js';
import type { Hardware, KnobName } from '../registry.js';
import { lag, slowestMode } from '../settling.js';
import { type Bias, biasAt, biasOf, ORDER } from './bias.js';
import { copyMismatchLaw, copyOffsetLaw, copySensitivity } from './copying.js';
import { deadShare } from './dead.js';
import {
  type Contribution,
  isContrast,
  isFaithful,
  isStress,
  type Law,
  type Request,
  type Site,
  squared,
  weightsBy,
} from './law.js';
import { leakLaw } from './leaking.js';
import { conversionLaw, readingLaw, thermalLaw } from './noise.js';
import { gainLaw, gainSpreadLaw, nudgeConversionLaw, offsetLaw } from './nudging.js';
import { settlingLaw } from './settling.js';

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
/** Faults that move the S of a chip away from that of its design, by which it is nudged and read. */
const REWEIGHTING: readonly KnobName[] = ['mismatch', 'wire'];

export interface Optimum {
  readonly beta: number;
  /** rms relative error there. */
  readonly relativeError: number;
}

export interface Predictor {
  /** Relative error that the laws give, NaN when one of them is not known for this method. */
  relativeError(method: Method, hardware: Hardware, beta: number): number;
  /** Share of dead edges that converters leave, NaN when nothing is known of it. */
  deadShare(method: Method, hardware: Hardware, beta: number): number;
  /** The best β for rules that are contrasts of phases under noise of reading; undefined for others. */
  optimum(method: Method, hardware: Hardware): Optimum | undefined;
}

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
    return {
      ...at,
      ...symmetry,
      response: at.solve(at.slope.map((c, i) => -c / weights[i])),
      slowest,
      behind: () => (behind ??= lag(at, slowest, problem, workspace)),
    };
  });
}

export function createPredictor(problem: Problem, sites: readonly Site[]): Predictor {
  const gradient = meanOf(sites.map((s) => s.gradient));
  const biases = new Map<string, readonly Bias[]>();
  const biasesOf = (method: Method): readonly Bias[] => {
    let known = biases.get(method.name);
    if (known === undefined) biases.set(method.name, (known = sites.map((s) => biasOf(problem, s, method))));
    return known;
  };
  let toCopies: readonly (readonly Float64Array[])[] | undefined;
  const copyLaw = copyMismatchLaw((site) => {
    toCopies ??= sites.map((s, row) => copySensitivity(problem, s, row));
    return toCopies[sites.indexOf(site)];
  });
  const rootMeanSquare = (rows: readonly (readonly Contribution[])[]): number => {
    const bias = meanOf(
      rows.map((row) =>
        sumOf(
          row.flatMap((c) => c.bias ?? []),
          gradient.length,
        ),
      ),
    );
    let square = squared(bias);
    for (const row of rows) for (const c of row) square += (c.variance ?? 0) / rows.length ** 2;
    rows[0].forEach((c, k) => {
      for (let s = 0; s < (c.shared?.length ?? 0); s++)
        square += squared(meanOf(rows.map((row) => row[k].shared![s])));
    });
    return Math.sqrt(square) / norm(gradient);
  };
  return {
    relativeError(method, hardware, beta) {
      const request: Request = { method, hardware, beta };
      if (LAWLESS.some((name) => hardware[name] !== 0)) return Number.NaN;
      if (!isContrast(request) && !isStress(request)) return Number.NaN;
      const weighted = sites.some((site) => weightsBy(site, request) !== undefined);
      if (weighted && REWEIGHTING.some((name) => hardware[name] !== 0)) return Number.NaN;
      const k = isContrast(request) ? biasesOf(method) : undefined;
      const rows = sites.map((site, row) => [
        k ? { bias: biasAt(k[row], request) } : {},
        copyLaw(site, request),
        ...LAWS.map((law) => law(site, request)),
      ]);
      return rows.some((row) => row.includes(undefined))
        ? Number.NaN
        : rootMeanSquare(rows as Contribution[][]);
    },
    deadShare: (method, hardware, beta) =>
      sites.length > 1 ? Number.NaN : deadShare(sites[0], { method, hardware, beta }),
    optimum(method, hardware) {
      const request: Request = { method, hardware, beta: 1 };
      if (!isContrast(request) || hardware.read === 0) return undefined;
      const variance =
        sites.reduce((sum, site) => sum + readingLaw(site, request)!.variance!, 0) / sites.length ** 2;
      const k = norm(meanOf(biasesOf(method).map((b) => b.curvature)));
      if (k === 0 || !sites.every((site) => isFaithful(site, request))) return undefined;
      // The least of V/β² + k²β^(2m) over β.
      const m = ORDER[method.phases];
      const beta = (variance / (m * k ** 2)) ** (1 / (2 * m + 2));
      const square = (m + 1) * k ** 2 * beta ** (2 * m);
      return { beta, relativeError: Math.sqrt(square) / norm(gradient) };
    },
  };
}

export function meanOf(vectors: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(vectors[0].length);
  for (const v of vectors) for (let k = 0; k < mean.length; k++) mean[k] += v[k] / vectors.length;
  return mean;
}

function sumOf(vectors: readonly Float64Array[], length: number): Float64Array {
  const sum = new Float64Array(length);
  for (const v of vectors) for (let k = 0; k < length; k++) sum[k] += v[k];
  return sum;
}
