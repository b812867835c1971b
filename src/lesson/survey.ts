// What can be learnt on a circuit: its symmetry at rest, and which rules hold there.

import type { Trainable } from '../circuit/trainable.js';
import { deviceKinds } from '../devices/registry.js';
import { type Diagnostic, InputError, type LearningError, type SimulationError } from '../errors.js';
import { symbol } from '../expression/build.js';
import { attempt } from '../learn/attempt.js';
import { type Comparison, compare, estimate } from '../learn/compare.js';
import { operatingCost } from '../learn/cost.js';
import type { Problem, Sample } from '../learn/problem.js';
import { costGradient, freePhase } from '../learn/rules/phases.js';
import { type Verdict, verdict } from '../learn/verdict.js';
import type { Deck } from '../netlist/deck.js';
import { stability } from '../solve/stability.js';
import { createWorkspace, type Workspace } from '../solve/workspace.js';
import { furnished, settingsOf } from '../study/settings.js';
import { type ProblemOptions, problemOf } from './deck.js';
import { problemFor } from './lesson.js';
import { unseen } from './unseen.js';

/** Which learning rules are exact on a deck. */
export interface Survey {
  /** Absent when the circuit has no operating point, or was too large to be looked at unasked. */
  readonly verdict?: Verdict;
  /** Why there is no verdict, where the circuit was looked at. */
  readonly obstacle?: LearningError | SimulationError;
  /** Rate at which disturbances of the operating point grow, 1/s: no phase that is left to itself comes to rest there. */
  readonly growth?: number;
  /** Every rule, on parameters that tell, and one row: an obstacle says why it does not hold here. */
  readonly rules: readonly Comparison[];
  /** What is doubtful about `.train`. */
  readonly doubts: readonly Diagnostic[];
}

const NOTHING: Survey = { rules: [], doubts: [] };

/** Elements of a deck without `.train` and `.cost` up to which it is surveyed. */
export const MOST_UNASKED = 10_000;

/**
 * Surveys a deck by its own `.train` and `.cost`; without them, by the first number that can be trained and the last
 * node, unless it is large.
 * @throws InputError with what is wrong with `.train`, `.cost` and the table; LearningError or SimulationError for a row
 * whose cost or gradient is no number, or which finds no rest though the first one does
 */
export function surveyOf(deck: Deck, options: ProblemOptions = {}): Survey {
  if (deck.trains.length > 0 && deck.costs.length > 0) {
    const problem = problemOf(deck, options);
    const found = survey(problemOf(onlyTelling(firstRow(deck), problem), options));
    if (found.verdict && problem.rows > 1 && deck.costs.every(({ kind }) => kind !== 'tran'))
      estimate(problem, 'adjoint');
    return { ...found, rules: inSteps(found.rules, deck, options), doubts: unseen(problem) };
  }
  if (deck.circuit.elements.length > MOST_UNASKED) return NOTHING;
  const problem = inPlaceOfCards(deck, options);
  return problem ? survey(problem) : NOTHING;
}

/** Which symmetry the circuit of a problem has where its first row comes to rest; undefined when it finds no rest. */
export function verdictOn(problem: Problem, workspace: Workspace = createWorkspace()): Verdict | undefined {
  const found = triedOn(problem, workspace);
  return found instanceof Error ? undefined : found;
}

function triedOn(problem: Problem, workspace: Workspace): Verdict | LearningError | SimulationError {
  const sample = problem.sample(problem.values, 0);
  return attempt(() => verdictAt(problem, sample, workspace));
}

function verdictAt(problem: Problem, sample: Sample, workspace: Workspace): Verdict {
  const { system } = sample;
  const { x } = freePhase(system, problem.options, workspace, {});
  const atRest = sample.costs.filter((c) => c.at === 'op');
  const gradient = costGradient(system, operatingCost(atRest, 'adjoint'), x);
  return verdict(system, problem.options, workspace, x, (i) => gradient[i] !== 0);
}

function survey(problem: Problem): Survey {
  const found = triedOn(problem, createWorkspace());
  if (found instanceof Error) return { ...NOTHING, obstacle: found };
  const growth = growthOn(problem);
  return { verdict: found, ...(growth > 0 ? { growth } : {}), rules: compare(problem), doubts: [] };
}

/** 0 where the operating point is stable. */
function growthOn(problem: Problem): number {
  const workspace = createWorkspace();
  const { system } = problem.sample(problem.values, 0);
  const { x } = freePhase(system, problem.options, workspace, {});
  const q = new Float64Array(system.charges);
  system.evaluateCharges(x, 0, q);
  const { unstable, growth } = stability(system, { x, q }, workspace);
  return unstable ? growth : 0;
}

/** Rules that step through time by themselves are as far off as their steps make every parameter, not the first alone. */
function inSteps(rules: readonly Comparison[], deck: Deck, options: ProblemOptions): readonly Comparison[] {
  if (rules.every(({ estimate }) => estimate?.validity.steps === undefined)) return rules;
  const problem = problemOf(firstRow(deck), options);
  return rules.flatMap((found) =>
    found.estimate?.validity.steps === undefined ? [found] : compare(problem, [found.rule]),
  );
}

/**
 * The first parameter, and the first that says when something happens: whether a rule holds for these is whether it
 * holds for all.
 */
function onlyTelling(deck: Deck, problem: Problem): Deck {
  const { system } = problem.sample(problem.values, 0);
  const moves = (names: readonly string[]): boolean => system.sensitivity(names).movesCorners;
  const keys = deck.trains.flatMap(({ parameters }) => parameters);
  const nameOf = ({ element, parameter }: Trainable): string => `${element}.${parameter}`;
  const moving = moves(keys.map(nameOf)) ? keys.find((one) => moves([nameOf(one)])) : undefined;
  const trains = deck.trains.flatMap((card) => {
    const parameters = card.parameters.filter((one) => one === keys[0] || one === moving);
    return parameters.length > 0 ? [{ ...card, parameters }] : [];
  });
  return { ...deck, trains };
}

/** One row of every table. */
const firstRow = (deck: Deck): Deck => ({
  ...deck,
  data: new Map([...deck.data].map(([name, table]) => [name, { ...table, rows: table.rows.slice(0, 1) }])),
});

/** The problem of a deck without `.train` or `.cost`; undefined where there is nothing to train, or no rest to be had. */
function inPlaceOfCards(deck: Deck, given: ProblemOptions): Problem | undefined {
  const { gmin, ...options } = settingsOf(deck, given.options);
  const { circuit } = furnished(deck, given.options, gmin);
  const parameters = new Map(circuit.parameters);
  for (const [name, value] of given.parameters ?? []) if (parameters.has(name)) parameters.set(name, value);
  const held = new Set(circuit.elements.flatMap((e) => (e.kind === 'voltage-source' ? e.nodes : [])));
  const node = circuit.elements.flatMap((e) => e.nodes).findLast((n) => n !== '0' && !held.has(n));
  const first = circuit.elements.find((e) => MAIN_VALUE.has(e.kind));
  if (node === undefined || first === undefined) return undefined;
  try {
    return problemFor(
      { ...circuit, parameters },
      { train: [first.name], costs: [{ signal: symbol(`v(${node})`), target: 0 }], options },
    );
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Kinds of which a number follows the nodes, by which any gradient may be read. */
const MAIN_VALUE: ReadonlySet<string> = new Set(
  deviceKinds.flatMap((kind) => ((kind.card.positional?.length ?? 0) > 0 ? [kind.name] : [])),
);
