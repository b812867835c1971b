// Gradients for people, a column per rule, and for programs.
import { LearningError, type SimulationError } from '../errors.js';
import type { Comparison } from '../learn/compare.js';
import type { GradientEstimate } from '../learn/estimate.js';
import type { Fidelity } from '../learn/fidelity.js';
import type { Problem } from '../learn/problem.js';
import { describeVerdict, type Verdict } from '../learn/verdict.js';
import { frozenNote } from './frozen-instants.js';
import { align } from './table.js';

type Answer = Comparison & { readonly estimate: GradientEstimate; readonly fidelity: Fidelity };
const isAnswer = (g: Comparison): g is Answer => g.estimate !== undefined && g.fidelity !== undefined;

/** Rows below the parameters: what they are called, and what stands there for a rule. */
const MEASURES: readonly (readonly [string, (a: Answer) => number | undefined])[] = [
  ['relative error', (a) => a.fidelity.relativeError],
  ['misalignment', (a) => a.fidelity.misalignment],
  ['norm ratio', (a) => a.fidelity.normRatio],
  ['SNR', (a) => a.fidelity.snr],
  ['sign agreement', (a) => a.fidelity.signAgreement],
  ['residual', (a) => a.estimate.validity.residual],
  ['asymmetry', (a) => a.estimate.validity.asymmetry],
  ['β', (a) => a.estimate.validity.beta],
  ['settling', (a) => a.estimate.validity.settling],
  ['steps of Euler', (a) => a.estimate.validity.steps],
  ['Tellegen Σ v·i', (a) => a.estimate.validity.tellegen],
];

const digits = (value: number | undefined, count: number): string => {
  if (value === undefined) return '–';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : '∞';
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e6)) return String(Number(value.toPrecision(count)));
  return value.toExponential(count - 1).replace(/\.?0*e\+?/, 'e');
};

/**
 * Title, cost, verdict; a row per parameter and a column per rule; measures against the adjoint; then the rules that
 * are biased here (marked *) or that cannot be had, and why.
 */
export function gradientTable(
  title: string,
  problem: Problem,
  found: readonly Comparison[],
  symmetry: Verdict | undefined,
): string {
  const answers = found.filter(isAnswer);
  const { rows, parameters } = problem;
  const table = align([
    ['parameter', ...answers.map(({ rule, obstacle }) => (obstacle ? `${rule}*` : rule))],
    ...parameters.map(({ name }, p) => [name, ...answers.map((a) => digits(a.estimate.gradient[p], 6))]),
    [''],
    ...MEASURES.filter(([, of]) => answers.some((a) => of(a) !== undefined)).map(([name, of]) => [
      name,
      ...answers.map((a) => digits(of(a), 3)),
    ]),
  ]);
  const notes = obstaclesOf(found).map(({ rules, biased, obstacle }) => {
    const way = 'obstacle' in obstacle ? `\n  help: ${obstacle.obstacle.hint}` : '';
    const what = biased ? 'biased here (*)' : 'not to be had here';
    return `${what}: ${rules.join(', ')}: ${obstacle.message}${way}\n`;
  });
  const metrics = answers.flatMap(({ rule, estimate: { validity } }) =>
    validity.metric === undefined ? [] : [`${rule} descends another cost: ${validity.metric}\n`],
  );
  const instants = frozenNotes(answers);
  return [
    `${title}\n`,
    `cost     ${digits(found[0]?.cost, 10)}${rows > 1 ? ` (mean over ${rows} rows)` : ''}\n`,
    `verdict  ${symmetry ? describeVerdict(symmetry) : 'none: no operating point was found'}\n\n`,
    table.replace(/ +$/gm, ''),
    ...(notes.length + metrics.length + instants.length > 0 ? ['\n'] : []),
    ...metrics,
    ...instants,
    ...notes,
  ].join('');
}

/** What rules leave out where switches flip beside delays, or laws that jump in time. */
export function frozenNotes(found: readonly Comparison[]): readonly string[] {
  const frozen = found.filter(({ estimate }) => estimate?.validity.frozenInstants !== undefined);
  if (frozen.length === 0) return [];
  const switches = [...new Set(frozen.flatMap(({ estimate }) => estimate?.validity.frozenInstants ?? []))];
  const rules = frozen.map(({ rule }) => rule).join(', ');
  const { message, hint } = frozenNote(switches);
  return [`not differentiated (${rules}): ${message}\n  help: ${hint}\n`];
}

/** Reasons that many rules share: the costs are not of the operating point. */
const BESIDE: ReadonlySet<string> = new Set(['cost-over-time', 'cost-of-response']);

/** Why rules do not hold, each reason once. */
export function obstaclesOf(
  found: readonly Comparison[],
): { rules: string[]; biased: boolean; obstacle: NonNullable<Comparison['obstacle']> }[] {
  const reasons = new Map<string, ReturnType<typeof obstaclesOf>[number]>();
  for (const { rule, obstacle, estimate } of found) {
    if (obstacle === undefined) continue;
    const biased = estimate !== undefined;
    const shared = 'obstacle' in obstacle && BESIDE.has(obstacle.obstacle.code);
    const key = shared ? `${biased} ${obstacle.obstacle.code}` : rule;
    const known = reasons.get(key);
    if (known) known.rules.push(rule);
    else reasons.set(key, { rules: [rule], biased, obstacle });
  }
  return [...reasons.values()];
}

/**
 * Cost and, by rule, gradient by parameter, measures against the adjoint, validity with the reason where there is none;
 * beside them the rules that have no answer here, and why. Measures are null where they are infinite: the exact gradient
 * is 0 and this one is not.
 */
export function gradientJson(problem: Problem, found: readonly Comparison[]): object {
  const answers = found.filter(isAnswer);
  return {
    cost: found[0]?.cost,
    rules: Object.fromEntries(
      answers.map(({ rule, estimate, fidelity, obstacle }) => [
        rule,
        {
          gradient: Object.fromEntries(problem.parameters.map(({ name }, p) => [name, estimate.gradient[p]])),
          relativeError: fidelity.relativeError,
          misalignment: fidelity.misalignment,
          normRatio: fidelity.normRatio,
          validity: {
            ...estimate.validity,
            valid: obstacle === undefined,
            ...(obstacle ? { code: codeOf(obstacle), reason: obstacle.message } : {}),
          },
        },
      ]),
    ),
    refused: Object.fromEntries(
      found.flatMap(({ rule, estimate, obstacle }) =>
        estimate === undefined && obstacle !== undefined ? [[rule, refusalOf(obstacle)]] : [],
      ),
    ),
  };
}

const codeOf = (obstacle: LearningError | SimulationError): string =>
  obstacle instanceof LearningError ? obstacle.obstacle.code : obstacle.report.code;

const refusalOf = (obstacle: LearningError | SimulationError): object => ({
  code: codeOf(obstacle),
  message: obstacle.message,
  ...(obstacle instanceof LearningError ? { help: obstacle.obstacle.hint } : {}),
});
