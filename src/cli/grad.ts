// tellegen grad: the gradient of a deck's cost by every rule, beside the exact one.
import { parseNumber } from '../expression/numbers.js';
import { type Comparison, compare } from '../learn/compare.js';
import type { RuleOptions } from '../learn/estimate.js';
import type { Problem } from '../learn/problem.js';
import { RULES } from '../learn/rules/registry.js';
import { leftAside, problemOf } from '../lesson/deck.js';
import { verdictOn } from '../lesson/survey.js';
import { unseen } from '../lesson/unseen.js';
import { watched } from '../lesson/watch.js';
import { createWorkspace } from '../solve/workspace.js';
import { readAssignments } from './arguments.js';
import { DONE, FAILED, guarded, inputError, printDiagnostics } from './errors.js';
import { readDeck } from './files.js';
import { gradientJson, gradientTable } from './gradient-table.js';
import { createInterrupt } from './interrupt.js';
import { jsonText } from './json.js';
import { progressLine } from './progress.js';
import { readRule } from './rule.js';
import { err, out } from './terminal.js';

/** What `tellegen grad` was asked, as text. */
export interface GradRequest {
  readonly deck: string;
  /** Names, also several in one text separated by commas; `all`, the default. */
  readonly rule?: readonly string[];
  readonly beta?: string;
  readonly param?: readonly string[];
  readonly option?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Thrown through a computation that the user stops. */
const STOPPED = Symbol('stopped');

/** Answers a request and returns the exit code. */
export function grad(request: GradRequest): Promise<number> {
  return guarded(() => {
    const quiet = request.quiet ?? false;
    const parameters = readAssignments('--param', request.param ?? [], false);
    const options = readAssignments('--option', request.option ?? [], true);
    const named = readRules(request.rule ?? []);
    const beta = request.beta === undefined ? undefined : readBeta(request.beta);
    const deck = readDeck(request.deck, parameters);
    if (!quiet) printDiagnostics([...deck.warnings, ...leftAside(deck)]);
    const problem = problemOf(deck, { parameters, options });
    if (!quiet) printDiagnostics(unseen(problem));
    const workspace = createWorkspace();
    const rules = named ?? RULES.map((rule) => rule.name);
    const settings = { workspace, ...(beta === undefined ? {} : { beta }) };
    const found = stoppable(problem, rules, settings, quiet);
    if (found === STOPPED) {
      err('interrupted: there is no gradient');
      return FAILED;
    }
    const refused = named && found.find(({ obstacle }) => obstacle !== undefined);
    if (refused) throw refused.obstacle;
    if (request.json) out(jsonText(gradientJson(problem, found)));
    else out(gradientTable(deck.circuit.title, problem, found, verdictOn(problem, workspace)));
    return DONE;
  });
}

/** Undefined: all. @throws InputError for names that are no rules */
function readRules(texts: readonly string[]): readonly string[] | undefined {
  const words = texts.flatMap((text) => text.toLowerCase().split(',')).map((word) => word.trim());
  if (words.length === 0 || words.includes('all')) return undefined;
  for (const word of words) readRule(word);
  return [...new Set(words)];
}

/** @throws InputError */
function readBeta(text: string): number {
  const beta = parseNumber(text);
  if (beta !== undefined && Number.isFinite(beta) && beta !== 0) return beta;
  throw inputError(
    'bad-beta',
    `--beta ${text}: this is no strength of a nudge`,
    'write a number, 1e-4 or 10m',
  );
}

/** The gradients, with a line of progress; STOPPED when the user does not want to wait. */
function stoppable(
  problem: Problem,
  rules: readonly string[],
  settings: RuleOptions,
  quiet: boolean,
): readonly Comparison[] | typeof STOPPED {
  const line = progressLine(quiet);
  const interrupt = createInterrupt();
  let label = '';
  let run = 0;
  let drawn = 0;
  const heard = watched(problem, () => {
    if (interrupt.asked()) throw STOPPED;
    const expected = problem.rows * (label === 'differences' ? 1 + 4 * problem.parameters.length : 1);
    line.report({ label, run, runs: rules.length, fraction: Math.min(1, drawn++ / expected) });
  });
  const begin = (rule: string): void => {
    label = rule;
    run = Math.max(0, rules.indexOf(rule));
    drawn = 0;
  };
  try {
    return compare(heard, rules, settings, begin);
  } catch (error) {
    if (error === STOPPED) return STOPPED;
    throw error;
  } finally {
    line.clear();
  }
}
