// tellegen check: everything that can be found wrong with a deck, and which learning rules are exact on its circuit.

import type { Comparison } from '../learn/compare.js';
import { describeVerdict } from '../learn/verdict.js';
import { MOST_UNASKED, type Survey, surveyOf } from '../lesson/survey.js';
import type { Deck } from '../netlist/deck.js';
import { study } from '../study/study.js';
import { readAssignments } from './arguments.js';
import { DONE, doubting, guarded, printDiagnostics } from './errors.js';
import { readDeck } from './files.js';
import { frozenNotes, obstaclesOf } from './gradient-table.js';
import { jsonText } from './json.js';
import { out } from './terminal.js';

export interface CheckRequest {
  readonly deck: string;
  readonly param?: readonly string[];
  readonly json?: boolean;
}

const UNASKED = `verdict: not sought, for want of .train and .cost in a deck of more than ${MOST_UNASKED} elements\n`;

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** Answers a request and returns the exit code. */
export function check(request: CheckRequest): Promise<number> {
  return guarded(() => {
    const path = request.deck;
    const parameters = readAssignments('--param', request.param ?? [], false);
    const deck = readDeck(path, parameters);
    const {
      compiled,
      plan,
      warnings: found,
    } = doubting(deck.warnings, () => study(withAnalysis(deck), { parameters }));
    const survey = surveyOf(deck, { parameters });
    const warnings = [...found, ...survey.doubts];
    const elements = deck.circuit.elements.length;
    const asked = deck.trains.length > 0 && deck.costs.length > 0;
    const unknowns = compiled.bind({ parameters }).n;
    const analyses = plan.map((j) => (j.runs.length > 1 ? `${j.label} × ${j.runs.length}` : j.label));
    if (request.json) {
      out(jsonText({ elements, unknowns, analyses, warnings, ...surveyJson(survey) }));
      return DONE;
    }
    printDiagnostics(warnings);
    out(
      `${path}: ${count(elements, 'element')}, ${count(unknowns, 'unknown')}, ${analyses.join(', ')}` +
        `${warnings.length > 0 ? `; ${count(warnings.length, 'warning')}` : ''}\n` +
        (asked || elements <= MOST_UNASKED ? surveyText(survey) : UNASKED),
    );
    return DONE;
  });
}

/** What a deck only learns from needs an operating point. */
function withAnalysis(deck: Deck): Deck {
  const cost = deck.costs[0];
  return deck.analyses.length > 0 || cost === undefined
    ? deck
    : { ...deck, analyses: [{ kind: 'op', span: cost.span }] };
}

/** Relative error above which a rule that steps through time by itself is not called exact. */
const COARSE = 1e-3;

const isCoarse = ({ obstacle, estimate, fidelity }: Comparison): boolean =>
  obstacle === undefined && estimate?.validity.steps !== undefined && (fidelity?.relativeError ?? 0) > COARSE;

const isExact = (found: Comparison): boolean =>
  found.obstacle === undefined && found.estimate?.validity.metric === undefined && !isCoarse(found);

const coarseness = ({ estimate, fidelity }: Comparison): string =>
  `${(100 * (fidelity?.relativeError ?? 0)).toPrecision(2)} % off in ${estimate?.validity.steps} steps of implicit Euler`;

function surveyText({ verdict, obstacle, growth, rules }: Survey): string {
  if (verdict === undefined) return `verdict: none${obstacle === undefined ? '' : `: ${obstacle.message}`}\n`;
  const exact = rules.filter(isExact);
  return [
    `verdict: ${describeVerdict(verdict)}\n`,
    ...(growth === undefined
      ? []
      : [
          `unstable: a disturbance grows as exp(${growth.toPrecision(3)}·t), t in s: phases left to relax find no rest here\n`,
        ]),
    ...(exact.length > 0 ? [`exact here: ${exact.map(({ rule }) => rule).join(', ')}\n`] : []),
    ...frozenNotes(rules),
    ...rules.flatMap(({ rule, obstacle, estimate }) => {
      const metric = estimate?.validity.metric;
      return obstacle || metric === undefined ? [] : [`another cost: ${rule} descends ${metric}\n`];
    }),
    ...rules.filter(isCoarse).map((r) => `exact but for its steps: ${r.rule}: ${coarseness(r)}\n`),
    ...obstaclesOf(rules).map(
      ({ rules: names, obstacle }) => `not exact here: ${names.join(', ')}: ${obstacle.message}\n`,
    ),
  ].join('');
}

function surveyJson({ verdict, obstacle, growth, rules }: Survey): object {
  return {
    verdict: verdict
      ? {
          symmetry: verdict.symmetry,
          text: describeVerdict(verdict),
          everywhere: verdict.everywhere,
          charges: verdict.charges,
          breaking: verdict.breaking,
        }
      : null,
    ...(obstacle === undefined ? {} : { reason: obstacle.message }),
    ...(growth === undefined ? {} : { growth }),
    rules: Object.fromEntries(
      rules.map((found) => [
        found.rule,
        {
          exact: isExact(found),
          ...(found.obstacle ? { reason: found.obstacle.message } : {}),
          ...(isCoarse(found) ? { reason: coarseness(found) } : {}),
          ...(found.estimate?.validity.metric === undefined
            ? {}
            : { metric: found.estimate.validity.metric }),
          ...(found.estimate?.validity.frozenInstants === undefined
            ? {}
            : { frozenInstants: found.estimate.validity.frozenInstants }),
        },
      ]),
    ),
  };
}
