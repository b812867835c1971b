// What every rule answers: a gradient, and how far it may be trusted.
import type { Complex } from '../circuit/system.js';
import type { Trajectory } from '../solve/trajectory.js';
import type { Workspace } from '../solve/workspace.js';
import type { DyadicForm } from './compose/dyadic.js';
import type { Problem, Sample } from './problem.js';
import type { Settle } from './settle.js';

/** Conditions of a rule's own validity; a number that does not apply is absent. */
export interface Validity {
  /** Largest residual of the phases, relative to the tolerances: ≤ 1 is settled. */
  readonly residual: number;
  /** ‖Gᵀ − S G S⁻¹‖/‖G‖ under the signature or weights S that the rule assumes. */
  readonly asymmetry?: number;
  /** Nudge. */
  readonly beta?: number;
  /** Time each phase was given, in units of the slowest time constant. */
  readonly settling?: number;
  /** Equal steps in time of implicit Euler that the rule took in place of the integrator's. */
  readonly steps?: number;
  /**
   * Switches in a circuit with delays, or with laws that jump in time, that flip at instants which follow from the state or
   * from a source that is trained: there these stay where the run had them, and how they move with parameters is no part of
   * the gradient. Absent where there are none.
   */
  readonly frozenInstants?: readonly string[];
  /** |Σ v·i| across the pair of networks over Σ |v·i| (Tellegen's theorem). */
  readonly tellegen?: number;
  /** What the rule descends when it is not the problem's own cost (coupled learning has its own metric). */
  readonly metric?: string;
}

/** What a rule says of the gradient of a cost. */
export interface GradientEstimate {
  readonly rule: string;
  readonly cost: number;
  /** ∂cost/∂p, one entry per parameter of the problem; mean over the rows. */
  readonly gradient: Float64Array;
  /** x of the free phase of the first row, length size; absent when costs are over time only. */
  readonly state?: Float64Array;
  /** λ of the first row: length n; Gᵀλ = −∇c. */
  readonly costate?: Float64Array;
  readonly validity: Validity;
}

/** Which S a rule takes in Gᵀ = S G S⁻¹; an array is its diagonal, length n. */
export type Weights = 'auto' | 'plain' | 'skew' | 'layer' | Float64Array;

/** How a rule is applied; what does not concern it, it leaves aside. */
export interface RuleOptions {
  /**
   * Strength of the nudge, in units of f over units of ∇c; radius r of `holomorphic`, η of `coupled`. Default: what
   * moves the most sensitive node by 10 µV, less near a target; η = 1e-4.
   */
  readonly beta?: number;
  /** Factorisations to share with other rules; default one of its own. */
  readonly workspace?: Workspace;
  /** Where the free phase starts: x of length size, of an earlier estimate's `state`. */
  readonly start?: Float64Array;
  /** What is measured of a phase at complex β, in phase and in quadrature; default: what it is. */
  readonly measure?: (x: Complex) => Complex;
  /** How a phase comes to rest; default Newton's method to rounding. */
  readonly settle?: Settle;
  /** Nudges of `equilibrium`: β and 0, ±β, or `points` nudges on a circle in the complex plane. Default centred. */
  readonly phases?: 'one-sided' | 'centred' | 'holomorphic';
  /** Nudges of a holomorphic estimate; default 6. */
  readonly points?: number;
  /** S in Gᵀ = S G S⁻¹: found (auto), 1 (plain), required to be ±1 (skew), any (layer), or given. Default auto. */
  readonly weights?: Weights;
  /** Of the doubled circuit of `stress`; default `m-s`. */
  readonly form?: DyadicForm;
  /** Estimate although the rule is not valid here, to see how wrong it is. */
  readonly force?: boolean;
  /**
   * Costs over time: a run is kept whole while it fills no more numbers than this; of a longer one, √K of its K steps, and
   * it is marched for once more. The gradient is the same to the last bit. Default 2²⁴.
   */
  readonly capacity?: number;
  /** Relative step of `differences`; default 3e-4. */
  readonly step?: number;
  /** Equal steps in time of `replay`; default 1000, more where the `.tran` asks for smaller ones. */
  readonly steps?: number;
  /** What is seen of the run that `adjoint` and `direct` differentiate; default all of it, as it is. */
  readonly watch?: (run: Trajectory) => Trajectory;
}

/** A way to apply a rule, as a word after its name. */
export type Variant =
  | NonNullable<RuleOptions['phases']>
  | Extract<Weights, 'plain' | 'skew' | 'layer'>
  | DyadicForm
  | 'relax';

/** The gradient of one sample's cost; a rule that is not valid here throws a LearningError that says what to do. */
export interface Rule {
  readonly name: string;
  /** One line: what it needs of the circuit. */
  readonly summary: string;
  /** Words that may follow its name, `equilibrium:one-sided:relax`. */
  readonly variants?: readonly Variant[];
  /** @throws LearningError when it is not valid here, SimulationError when a phase finds no rest */
  estimate(problem: Problem, sample: Sample, options: RuleOptions): GradientEstimate;
}
