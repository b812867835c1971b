// The bench: chips are fabricated, every rule takes its gradient on each, and what it got is held against two exact ones:
// the chip's own (does the chip know its gradient?) and the design's (does it know the designer's?).
import { LearningError, SimulationError } from '../../errors.js';
import { createRandom } from '../../math/random.js';
import { createWorkspace } from '../../solve/workspace.js';
import { type Fidelity, fidelity } from '../fidelity.js';
import type { Problem } from '../problem.js';
import { ruleByName } from '../rules/registry.js';
import { setUp } from './apparatus.js';
import { createPredictor, meanOf, type Predictor, sitesOf } from './laws/predict.js';
import type { Method } from './methods.js';
import type { Hardware } from './registry.js';
import { fabricate } from './specimen.js';

/** What one rule did on one chip. */
export interface Trial {
  readonly method: string;
  /** Against the gradient of the chip itself. */
  readonly perturbed: Fidelity;
  /** Against the gradient of the design. */
  readonly nominal: Fidelity;
  readonly residual: number;
  readonly phases: number;
  readonly seconds: number;
  readonly joules: number;
}

/** A rule that could not answer, and why. */
export interface Failure {
  readonly method: string;
  readonly failure: string;
}

export interface Bench {
  readonly problem: Problem;
  /** The nudge that moves the most sensitive node by 10 mV, in the row where that takes least. */
  readonly beta: number;
  /** The nudge that a method gets on this hardware. */
  betaOf(method: Method, hardware: Hardware): number;
  readonly predictor: Predictor;
  /**
   * All rules on one chip. Equal arguments give equal answers, whatever was done before.
   * @param sample which chip: the k-th of the seed
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

/** @throws SimulationError or LearningError when the nominal circuit has no operating point or no gradient there */
export function createBench(problem: Problem): Bench {
  const workspace = createWorkspace();
  const sites = sitesOf(problem, workspace);
  const design = meanOf(sites.map((s) => s.gradient));
  const beta = Math.min(
    ...sites.map(({ sample: { system }, response }) => DISPLACEMENT / furthest(system, response)),
  );
  const betaOf = (method: Method, hardware: Hardware): number =>
    hardware.beta > 0 ? hardware.beta : method.rule === 'coupled' ? CLAMP : beta;
  let predictor: Predictor | undefined;

  function runOne(method: Method, hardware: Hardware, seed: number, sample: number): Trial {
    workspace.renew();
    const random = createRandom(seed).split(sample);
    const chip = fabricate(problem, hardware, random, workspace);
    const rule = ruleByName(method.rule);
    const strength = betaOf(method, hardware);
    const rows = sites.map((site, row) => {
      const apparatus = setUp(problem, chip, hardware, method, strength, row, random, workspace);
      const { gradient } = rule.estimate(problem, apparatus.sample, {
        ...method.options,
        beta: strength,
        force: true,
        settle: apparatus.settle,
        weights: site.weights,
        workspace,
      });
      return { gradient, exact: apparatus.exact.gradient, bill: apparatus.bill };
    });
    const gradient = meanOf(rows.map((r) => r.gradient));
    const exact = meanOf(rows.map((r) => r.exact));
    const total = (of: (bill: (typeof rows)[number]['bill']) => number): number =>
      rows.reduce((sum, { bill }) => sum + of(bill), 0);
    return {
      method: method.name,
      perturbed: fidelity(gradient, exact, problem.parameters),
      nominal: fidelity(gradient, design, problem.parameters),
      residual: Math.max(...rows.map(({ bill }) => bill.residual)),
      phases: total((b) => b.phases),
      seconds: total((b) => b.seconds),
      joules: total((b) => b.joules),
    };
  }

  return {
    problem,
    beta,
    betaOf,
    get predictor() {
      predictor ??= createPredictor(problem, sites);
      return predictor;
    },
    run: (methods, hardware, seed, sample) =>
      methods.map((method) => {
        try {
          return runOne(method, hardware, seed, sample);
        } catch (error) {
          if (error instanceof LearningError || error instanceof SimulationError)
            return { method: method.name, failure: error.message };
          throw error;
        }
      }),
  };
}

function furthest(system: { readonly isNode: Uint8Array }, response: Float64Array): number {
  const nodes = response.filter((_, i) => system.isNode[i] === 1);
  return Math.max(...(nodes.length > 0 ? nodes : response).map(Math.abs));
}
