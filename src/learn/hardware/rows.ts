// Many chips of one kind as one row of the result: means over the chips, in their order, so that the order in which they
// were done does not matter.
import type { Fidelity } from '../fidelity.js';
import type { Bench, Failure, Trial } from './bench.js';
import { copiesOf, type Method } from './methods.js';
import type { Hardware } from './registry.js';

/** How far the gradients of many chips are from one reference: means over the chips. */
export interface Distance {
  /** √⟨rel²⟩ over the chips. */
  readonly relativeError: number;
  /** Standard error of that. */
  readonly uncertainty: number;
  readonly misalignment: number;
  readonly normRatio: number;
  /** 1/⟨rel²⟩ */
  readonly snr: number;
  readonly signAgreement: number;
  /** Share of the parameters whose gradient is read as exactly 0 where it is not. */
  readonly deadShare: number;
  /** Misalignment within each group of parameters. */
  readonly groups: Readonly<Record<string, number>>;
}

/** One line of the result: one rule on chips of one kind. */
export interface Row {
  /** `Method.name`. */
  readonly rule: string;
  /** What the chips were made with. */
  readonly hardware: Hardware;
  /** The nudge that was used, or the strength at which the error was played back; NaN where there is neither. */
  readonly beta: number;
  /** Chips on which the rule had an answer; without any, all means are NaN. */
  readonly samples: number;
  /** Chips on which the rule had no answer, and why on the first of them. */
  readonly failures: number;
  readonly failure?: string;
  /** The way out of that, where one is known. */
  readonly hint?: string;
  /** Against the adjoint of the same chip: does it know its own gradient? */
  readonly perturbed: Distance;
  /** Against the adjoint of the nominal circuit: does it know the designer's? */
  readonly nominal: Distance;
  /** What the laws of degradation say of `perturbed.relativeError`; NaN where there is none. */
  readonly predicted: number;
  /** Share of dead edges that converters should leave; NaN where nothing is known of it. */
  readonly predictedDead: number;
  /** The best β under this noise of reading, and the error there. */
  readonly optimum?: { readonly beta: number; readonly relativeError: number };
  /** Largest residual of a phase over the chips, relative to the tolerances. */
  readonly residual: number;
  /** Per gradient: phases or runs, circuit time (s), energy delivered by the sources (J). */
  readonly phases: number;
  readonly seconds: number;
  readonly joules: number;
  /** Devices of one copy of the circuit, and how many copies there are. */
  readonly devices: number;
  readonly copies: number;
}

/**
 * The row of one method on chips of one kind: root mean squares and means over them, and beside them what the laws of
 * degradation predict.
 *
 * @param hardware that the chips were made with
 * @param outcomes of this method, chip by chip, as `Bench.run` gave them; their order decides the last bits
 */
export function rowOf(
  bench: Bench,
  method: Method,
  hardware: Hardware,
  outcomes: readonly (Trial | Failure)[],
): Row {
  const trials = outcomes.filter((o): o is Trial => !('failure' in o));
  const failed = outcomes.find((o): o is Failure => 'failure' in o);
  const beta = bench.betaOf(method, hardware);
  const optimum = bench.predictor.optimum(method, hardware);
  const average = (of: (t: Trial) => number): number => mean(trials.map(of));
  const elements = new Set(
    [...bench.problem.physical.keys()].map((name) => name.slice(0, name.lastIndexOf('.'))),
  );
  return {
    rule: method.name,
    hardware,
    beta,
    samples: trials.length,
    failures: outcomes.length - trials.length,
    ...(failed ? { failure: failed.failure } : {}),
    ...(failed?.hint === undefined ? {} : { hint: failed.hint }),
    perturbed: distance(trials.map((t) => t.perturbed)),
    nominal: distance(trials.map((t) => t.nominal)),
    predicted: bench.predictor.relativeError(method, hardware, beta),
    predictedDead: bench.predictor.deadShare(method, hardware, beta),
    ...(optimum ? { optimum } : {}),
    residual: trials.reduce((most, t) => Math.max(most, t.residual), 0),
    phases: average((t) => t.phases),
    seconds: average((t) => t.seconds),
    joules: average((t) => t.joules),
    devices: elements.size,
    copies: copiesOf(method, hardware, bench.kinds),
  };
}

const ROUNDING = 1e-20;

function distance(trials: readonly Fidelity[]): Distance {
  const average = (of: (f: Fidelity) => number): number => mean(trials.map(of));
  const square = average((f) => f.relativeError ** 2);
  const spread = average((f) => (f.relativeError ** 2 - square) ** 2);
  const relativeError = Math.sqrt(square);
  const names = trials.length > 0 ? [...trials[0].groups.keys()] : [];
  return {
    relativeError,
    // δ√s = δs/(2√s); chips that are alike differ by rounding alone.
    uncertainty:
      spread > ROUNDING * square ** 2 ? Math.sqrt(spread / trials.length) / (2 * relativeError) : 0,
    misalignment: average((f) => f.misalignment),
    normRatio: average((f) => f.normRatio),
    snr: 1 / square,
    signAgreement: average((f) => f.signAgreement),
    deadShare: average((f) => f.deadShare),
    groups: Object.fromEntries(names.map((name) => [name, average((f) => f.groups.get(name) ?? Number.NaN)])),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
