// What every rule answers: a gradient, and how far it may be trusted.
import type { Workspace } from '../solve/workspace.js';
import type { Problem, Sample } from './problem.js';

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
  /** |Σ v·i| across the pair of networks over Σ |v·i| (Tellegen's theorem). */
  readonly tellegen?: number;
}

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

export interface RuleOptions {
  readonly beta?: number;
  readonly workspace?: Workspace;
}

/** The gradient of one sample's cost; a rule that is not valid here throws a LearningError that says what to do. */
export interface Rule {
  readonly name: string;
  /** One line: what it needs of the circuit. */
  readonly summary: string;
  estimate(problem: Problem, sample: Sample, options: RuleOptions): GradientEstimate;
}
