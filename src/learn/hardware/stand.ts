// A stand of the bench: one row of a chip, the rule that is put on it, and what it takes for a gradient.
import type { Random } from '../../math/random.js';
import type { Workspace } from '../../solve/workspace.js';
import type { Problem, Sample } from '../problem.js';
import { readRow } from '../row.js';
import { ruleByName } from '../rules/registry.js';
import { type Bill, type Occasion, occasion } from './apparatus.js';
import { kindsOf, ofKinds } from './kinds.js';
import { sum } from './laws/law.js';
import type { Method } from './methods.js';
import type { Hardware } from './registry.js';
import type { Specimen } from './specimen.js';

export interface Taken {
  readonly gradient: Float64Array;
  readonly bill: Bill;
}

/** One row of a chip, before anything is measured on it. */
export interface Place {
  readonly row: number;
  readonly chip: Sample;
  /** Where it rests, when a cost asks. */
  readonly rest?: Occasion;
  /** dc/dp of all its costs, exact. */
  readonly gradient: Float64Array;
}

/** @throws SimulationError or LearningError when the chip has no gradient */
export function place(problem: Problem, chip: Sample, row: number, workspace: Workspace): Place {
  const kinds = kindsOf(problem);
  const beyond = kinds.filter((kind) => kind !== 'op');
  const rest = kinds.some((kind) => kind !== 'tran')
    ? occasion(problem, ofKinds(chip, 'op'), row, workspace)
    : undefined;
  const gradients = kinds.includes('op') && rest ? [rest.exact.gradient] : [];
  if (beyond.length > 0) {
    const others = ofKinds(chip, ...beyond);
    gradients.push(readRow(ruleByName('adjoint'), problem, others, row, { workspace }).gradient);
  }
  return {
    row,
    chip,
    ...(rest ? { rest } : {}),
    gradient: sum(gradients, problem.parameters.length),
  };
}

export interface Stand {
  readonly problem: Problem;
  readonly specimen: Specimen;
  readonly place: Place;
  readonly hardware: Hardware;
  readonly method: Method;
  /** Strength of nudges, and of errors that are played back. */
  readonly beta: number;
  /** The specimen's stream. */
  readonly random: Random;
  readonly workspace: Workspace;
}
