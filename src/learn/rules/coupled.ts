// Coupled learning: outputs clamped a little nearer to their targets, v + η(y − v), against the free circuit.
import type { System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import { createLinearisation, createWorkspace, type Linearisation } from '../../solve/workspace.js';
import { tellegenAudit } from '../audit.js';
import { clamp } from '../compose/clamp.js';
import { type OperatingCost, operatingCost } from '../cost.js';
import type { Rule } from '../estimate.js';
import type { Sample } from '../problem.js';
import { factorAt, linearise, settleByNewton } from '../settle.js';
import { symmetrizer } from '../symmetrizer.js';
import { describeVerdict, verdict } from '../verdict.js';
import { nudgedPhases, readContrast } from './contrast.js';
import { freePhase } from './phases.js';

/** Share of the way to the target, when nobody says. */
const ETA = 1e-4;
const TOLERATED = 1e-9;
const METRIC = '½(v − y)ᵀ Z⁻¹ (v − y), Z the impedance between the outputs, held fixed; weights do not enter';

/**
 * As η → 0 the contrast is the gradient of ½(v − y)ᵀ Z⁻¹ (v − y) with Z held fixed, Z the impedance matrix of the free
 * circuit between its outputs: not the gradient of the squared error, unless Z is a multiple of the unit matrix.
 *
 * Source: Stern, Hexner, Rocks & Liu, Phys. Rev. X 11 (2021) 021045.
 */
export const coupled: Rule = {
  name: 'coupled',
  summary:
    'free and clamped phases; reciprocal circuits and targets of node voltages; descends its own metric',
  variants: ['one-sided', 'centred', 'relax'],
  estimate(problem, sample, options) {
    const workspace = options.workspace ?? createWorkspace();
    const cost = operatingCost(sample.costs, 'coupled');
    const { system } = sample;
    const analysis = problem.options;
    const settle = options.settle ?? settleByNewton;
    const free = freePhase(system, analysis, workspace, options);
    const outputs = outputsOf(sample, cost, free.x);
    const lin = createLinearisation(system, workspace);
    factorAt(system, analysis, free.x, lin);
    const reads = (i: number) => outputs.some(({ node }) => node === i);
    const found = symmetrizer(system, lin.G, reads);
    const plain = found.weights.map(() => 1);
    const asymmetry = found.asymmetry(plain);
    if (asymmetry > TOLERATED && !options.force) {
      const said = verdict(system, analysis, workspace, free.x, reads);
      throw new LearningError(
        `coupled learning needs a reciprocal circuit: this one is ${describeVerdict(said)}`,
        {
          code: 'not-reciprocal',
          devices: [...new Set(said.breaking.flatMap(({ devices }) => devices))],
          hint: 'use equilibrium (which finds the weights of skew and layered circuits), asymmetric or stress',
        },
      );
    }
    const eta = options.beta ?? ETA;
    const nodes = outputs.map(({ node }) => node);
    demandFree(system, lin, nodes);
    const at = (share: number) =>
      settle(
        clamp(
          system,
          nodes,
          outputs.map(({ node, away }) => free.x[node] + share * away),
        ),
        analysis,
        workspace,
        free,
      );
    const contrast = nudgedPhases(system, at, free, eta, options.phases === 'one-sided');
    const read = readContrast(sample, cost, contrast, found.reading(plain));
    // The currents that the clamps supply are the slope of the metric.
    const [before, after] = [contrast.down, contrast.up].map(({ x }) => {
      linearise(system, analysis, x, lin);
      return lin.residual.slice();
    });
    const slope = before.map((f, i) => (f - after[i]) / contrast.span);
    factorAt(system, analysis, free.x, lin);
    return {
      rule: 'coupled',
      ...read.estimate,
      validity: {
        ...read.rest,
        asymmetry,
        beta: eta,
        tellegen: tellegenAudit(system, lin, read.estimate.costate, slope, found.hidden),
        metric: METRIC,
      },
    };
  },
};

/** Impedance of an output beside all that a current into it moves, at which sources hold it. */
const HELD = 1e-12;

/** @throws LearningError `held-output` for an output that no current moves: it cannot be clamped elsewhere. */
function demandFree(system: System, lin: Linearisation, outputs: readonly number[]): void {
  for (const node of outputs) {
    const w = new Float64Array(system.n);
    w[node] = 1;
    lin.lu.solve(w);
    if (Math.abs(w[node]) > HELD * w.reduce((most, v) => Math.max(most, Math.abs(v)), 0)) continue;
    const { name } = system.unknowns[node];
    throw new LearningError(`coupled learning clamps outputs, but ${name} is held where it is`, {
      code: 'held-output',
      devices: system.devicesAt(node),
      hint: 'let sources reach the output through a resistance, or use equilibrium',
    });
  }
}

/** The node of every output, and how far away in volts it is from where the target wants it. */
function outputsOf(
  { system }: Sample,
  cost: OperatingCost,
  x: Float64Array,
): { node: number; away: number }[] {
  const slope = new Float64Array(system.size);
  const outputs = cost.terms.map(({ functional, output }) => {
    const refuse = (why: string): LearningError =>
      new LearningError(`coupled learning clamps outputs to their targets, but ${functional.name} ${why}`, {
        code: 'no-target',
        devices: [],
        hint: 'write .cost op v(node) target=…, or use equilibrium, which takes any cost',
      });
    if (output === undefined) throw refuse('has no target');
    slope.fill(0);
    output.functional.addGradient(x, 0, 1, slope);
    const read = [...slope.keys()].filter((i) => slope[i] !== 0);
    const [node] = read;
    if (read.length !== 1 || node >= system.n || !system.isNode[node]) {
      throw refuse('does not read one node that is free to move');
    }
    return { node, away: (output.target - output.functional.value(x, 0)) / slope[node] };
  });
  if (new Set(outputs.map(({ node }) => node)).size < outputs.length) {
    throw new LearningError('coupled learning can clamp a node to one target only', {
      code: 'no-target',
      devices: [],
      hint: 'write one .cost with a target per node, or use equilibrium, which takes any cost',
    });
  }
  return outputs;
}
