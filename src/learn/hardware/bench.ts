// The bench: chips are fabricated, every rule takes its gradient on each, and what it got is held against two exact ones:
// the chip's own (does the chip know its gradient?) and the design's (does it know the designer's?).
import { InputError, LearningError, SimulationError } from '../../errors.js';
import { createRandom, type Random } from '../../math/random.js';
import { createWorkspace } from '../../solve/workspace.js';
import { type Fidelity, fidelity } from '../fidelity.js';
import { notFinite } from '../finite.js';
import type { Problem } from '../problem.js';
import { readRow } from '../row.js';
import { ruleByName } from '../rules/registry.js';
import type { Bill } from './apparatus.js';
import { strengthOfEcho } from './echo.js';
import { type CostKind, kindsOf, ofKinds } from './kinds.js';
import { createPredictor, designWeights, type Predictor, SILENT, sitesOf } from './laws/predict.js';
import { createEchoPredictor } from './laws/predict-echo.js';
import { meanOf } from './laws/total.js';
import { demandSpeech, type Method } from './methods.js';
import { demandHardware } from './range.js';
import { type Hardware, meaningless, withoutMeaning } from './registry.js';
import { fabricate, type Specimen } from './specimen.js';
import { type Place, place, type Stand } from './stand.js';
import { take } from './take.js';
import { wireValues } from './wires.js';

/** What one rule did on one chip. */
export interface Trial {
  /** `Method.name`. */
  readonly method: string;
  /** Against the gradient of the chip itself. */
  readonly perturbed: Fidelity;
  /** Against the gradient of the design. */
  readonly nominal: Fidelity;
  /** Largest of a phase, relative to the tolerances; means over the rows of data go into the two above. */
  readonly residual: number;
  /** Of all rows of data together: phases or runs, circuit time (s), energy that the sources deliver (J). */
  readonly phases: number;
  readonly seconds: number;
  readonly joules: number;
}

/** A rule that could not answer, and why. */
export interface Failure {
  /** `Method.name`. */
  readonly method: string;
  /** Why, as a sentence. */
  readonly failure: string;
  /** The way out, where one is known. */
  readonly hint?: string;
}

/** A design on the test bench: what chips of it are made from, and what theory says of them. */
export interface Bench {
  /** Of the design, without faults. */
  readonly problem: Problem;
  /** What its costs are of. */
  readonly kinds: readonly CostKind[];
  /**
   * The nudge that moves the most sensitive node by 10 mV, or the strength at which it answers so an error played back, in
   * the row where that takes least; NaN where nothing is nudged or played.
   */
  readonly beta: number;
  /** The nudge that a method gets on this hardware (f over ∇c); NaN where costs are not at rest and it plays nothing back. */
  betaOf(method: Method, hardware: Hardware): number;
  /**
   * What the laws of degradation say of the design, to first order in each fault; silent for costs of AC responses. Of costs
   * at rest and over time together they say what `replay` does under faults that it feels over time alone.
   */
  readonly predictor: Predictor;
  /**
   * All rules on one chip: one answer each, in their order. Equal arguments give equal answers, whatever was done before.
   * A rule that has no answer, or a chip that has no operating point, is a `Failure` and not thrown.
   *
   * @param seed of all random numbers, a safe integer
   * @param sample which chip: the k-th of the seed, a safe integer
   * @throws InputError `out-of-range` or `unknown-knob` for hardware that makes no sense, `no-meaning` for faults that mean
   *   nothing for the costs of the problem; RangeError for a seed or sample that is none
   */
  run(
    methods: readonly Method[],
    hardware: Hardware,
    seed: number,
    sample: number,
  ): readonly (Trial | Failure)[];
}

/** Share of the way to its target that coupled learning clamps an output when nobody says. */
const CLAMP = 0.1;
/** V */
const DISPLACEMENT = 10e-3;

/**
 * Puts a problem on the bench.
 *
 * @param wired the same problem with wires in its circuit: what chips are made from when `wire` is not 0
 * @throws SimulationError or LearningError when the nominal circuit has no operating point, no run, or no gradient there
 */
export function createBench(problem: Problem, wired?: () => Problem): Bench {
  const workspace = createWorkspace();
  const kinds = kindsOf(problem);
  const isAtRest = kinds.every((kind) => kind === 'op');
  const sites = isAtRest ? sitesOf(problem, workspace) : [];
  const samples = Array.from({ length: problem.rows }, (_, row) => problem.sample(problem.values, row));
  const exact = isAtRest
    ? sites.map((s) => s.gradient)
    : samples.map((sample, row) => place(problem, sample, row, workspace).gradient);
  const design = meanOf(exact);
  const strengths = new Map<number, number>();
  const strengthAt = (steps: number): number => {
    let known = strengths.get(steps);
    if (known === undefined) strengths.set(steps, (known = defaultStrength(steps)));
    return known;
  };
  const betaOf = (method: Method, hardware: Hardware): number => {
    if (!isAtRest && method.rule !== 'replay') return Number.NaN;
    if (hardware.beta > 0) return hardware.beta;
    return method.rule === 'coupled' ? CLAMP : strengthAt(hardware.steps);
  };
  const strengthOf = (method: Method, hardware: Hardware): number | undefined =>
    method.nudges ? betaOf(method, hardware) : undefined;
  const withWires = new Map<number, readonly Float64Array[]>();
  let predictor: Predictor | undefined;

  function defaultStrength(steps: number): number {
    if (isAtRest) {
      return Math.min(
        ...sites.map(({ sample: { system }, response }) => DISPLACEMENT / furthest(system, response)),
      );
    }
    if (!kinds.includes('tran')) return Number.NaN;
    workspace.renew();
    const found = attempt(() =>
      samples.map((sample) =>
        strengthOfEcho(problem, ofKinds(sample, 'tran'), steps, DISPLACEMENT, workspace),
      ),
    );
    return isReason(found) ? Number.NaN : Math.min(...found);
  }

  /** Of costs over time, and perhaps at rest besides. */
  function predictorOfEcho(): Predictor {
    if (!kinds.includes('op')) return createEchoPredictor(problem, samples, exact);
    const adjoint = ruleByName('adjoint');
    workspace.renew();
    const overTime = samples.map(
      (sample, row) => readRow(adjoint, problem, ofKinds(sample, 'tran'), row, { workspace }).gradient,
    );
    const atRest = exact.map((all, row) => all.map((g, p) => g - overTime[row][p]));
    return createEchoPredictor(problem, samples, overTime, atRest);
  }

  /** S of the design, row by row; with wires it is longer. */
  const weightsOf = (made: Problem, { wire }: Hardware): readonly Float64Array[] => {
    if (made === problem) return sites.map((site) => site.weights);
    let known = withWires.get(wire);
    if (known === undefined) {
      const moved = wireValues(made.physical, wire);
      known = sites.map((_, row) => designWeights(made, made.sample(made.values, row, moved), workspace));
      withWires.set(wire, known);
    }
    return known;
  };

  /** One rule on a chip that is there. */
  function measure(
    method: Method,
    hardware: Hardware,
    { made, specimen, places, random, weights }: Fabricated,
  ): Trial {
    demandSpeech(method, kinds);
    const beta = betaOf(method, hardware);
    workspace.renew();
    const rows = places.map((there, row) => {
      const stand: Stand = {
        problem: made,
        specimen,
        place: there,
        hardware,
        method,
        beta,
        random,
        workspace,
      };
      return take(stand, kinds, weights[row]);
    });
    const gradient = meanOf(rows.map((r) => r.gradient));
    const p = gradient.findIndex((slope) => !Number.isFinite(slope));
    if (p >= 0) throw notFinite(`the derivative by ${problem.parameters[p].name} is ${gradient[p]}`);
    const own = meanOf(places.map((there) => there.gradient));
    const total = (of: (bill: Bill) => number): number => rows.reduce((sum, { bill }) => sum + of(bill), 0);
    return {
      method: method.name,
      perturbed: fidelity(gradient, own, problem.parameters),
      nominal: fidelity(gradient, design, problem.parameters),
      residual: Math.max(...rows.map(({ bill }) => bill.residual)),
      phases: total((b) => b.phases),
      seconds: total((b) => b.seconds),
      joules: total((b) => b.joules),
    };
  }

  function fabricated(hardware: Hardware, seed: number, sample: number): Fabricated {
    const made = hardware.wire > 0 && wired ? wired() : problem;
    const weights = weightsOf(made, hardware);
    workspace.renew();
    const random = createRandom(seed).split(sample);
    const specimen = fabricate(made, hardware, random, workspace);
    const places = samples.map((_, row) => place(made, specimen.sample(row), row, workspace));
    return { made, specimen, places, random, weights };
  }

  return {
    problem,
    kinds,
    get beta() {
      return strengthAt(0);
    },
    betaOf,
    get predictor() {
      return (predictor ??= isAtRest
        ? createPredictor(problem, sites)
        : kinds.includes('ac')
          ? SILENT
          : predictorOfEcho());
    },
    run(methods, hardware, seed, sample) {
      demandHardware(hardware);
      const [idle] = meaningless(hardware, kinds);
      if (idle) throw new InputError([withoutMeaning(idle, kinds)]);
      const chip = attempt(() => fabricated(hardware, seed, sample));
      return methods.map((method) => {
        if (isReason(chip)) return { method: method.name, ...chip };
        const trial = attempt(() => measure(method, hardware, chip), strengthOf(method, hardware));
        return isReason(trial) ? { method: method.name, ...trial } : trial;
      });
    },
  };
}

/** A chip with everything that rules need of it. */
interface Fabricated {
  readonly made: Problem;
  readonly specimen: Specimen;
  readonly places: readonly Place[];
  readonly random: Random;
  /** S of the design, row by row. */
  readonly weights: readonly Float64Array[];
}

type Reason = Omit<Failure, 'method'>;

const isReason = (found: object): found is Reason => 'failure' in found;

/**
 * What was computed, or why it could not be.
 *
 * @param nudge the strength of nudges, where there are any: the chip itself is known to come to rest
 */
function attempt<T extends object>(compute: () => T, nudge?: number): T | Reason {
  try {
    return compute();
  } catch (error) {
    if (error instanceof LearningError) return { failure: error.message, hint: error.obstacle.hint };
    if (error instanceof SimulationError) {
      const { hint } = error.report;
      if (nudge === undefined || hint !== undefined)
        return { failure: error.message, ...(hint === undefined ? {} : { hint }) };
      const failure = `nudged by β = ${Number(nudge.toPrecision(3))}, ${error.message}`;
      return { failure, hint: 'choose a smaller beta, or leave it out' };
    }
    // A number that chance has driven out of what its device allows.
    if (error instanceof InputError) return { failure: error.diagnostics[0].message };
    throw error;
  }
}

function furthest(system: { readonly isNode: Uint8Array }, response: Float64Array): number {
  const nodes = response.filter((_, i) => system.isNode[i] === 1);
  return Math.max(...(nodes.length > 0 ? nodes : response).map(Math.abs));
}
