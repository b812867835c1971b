// tellegen check: everything that can be found wrong with a deck, and which learning rules are exact on its circuit.

import { describeVerdict } from '../learn/verdict.js';
import { MOST_UNASKED, type Survey, surveyOf } from '../lesson/survey.js';
import type { Deck } from '../netlist/deck.js';
import { study } from '../study/study.js';
import { readAssignments } from './arguments.js';
import { DONE, guarded, printDiagnostics } from './errors.js';
import { readDeck } from './files.js';
import { obstaclesOf } from './gradient-table.js';
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
    const { compiled, plan, warnings } = study(withAnalysis(deck), { parameters });
    const survey = surveyOf(deck, { parameters });
    const elements = deck.circuit.elements.length;
    const asked = deck.trains.length > 0 && deck.costs.length > 0;
    const unknowns = compiled.bind({ parameters }).n;
    const analyses = plan.map((j) => (j.runs.length > 1 ? `${j.label} × ${j.runs.length}` : j.label));
    if (request.json) {
      out(`${JSON.stringify({ elements, unknowns, analyses, warnings, ...surveyJson(survey) }, null, 2)}\n`);
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

function surveyText({ verdict, growth, rules }: Survey): string {
  if (verdict === undefined) return 'verdict: none, for want of an operating point\n';
  const exact = rules.filter((r) => r.obstacle === undefined && r.estimate?.validity.metric === undefined);
  return [
    `verdict: ${describeVerdict(verdict)}\n`,
    ...(growth === undefined
      ? []
      : [
          `unstable: a disturbance grows as exp(${growth.toPrecision(3)}·t), t in s: phases left to relax find no rest here\n`,
        ]),
    ...(exact.length > 0 ? [`exact here: ${exact.map(({ rule }) => rule).join(', ')}\n`] : []),
    ...rules.flatMap(({ rule, obstacle, estimate }) => {
      const metric = estimate?.validity.metric;
      return obstacle || metric === undefined ? [] : [`another cost: ${rule} descends ${metric}\n`];
    }),
    ...obstaclesOf(rules).map(
      ({ rules: names, obstacle }) => `not exact here: ${names.join(', ')}: ${obstacle.message}\n`,
    ),
  ].join('');
}

function surveyJson({ verdict, growth, rules }: Survey): object {
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
    ...(growth === undefined ? {} : { growth }),
    rules: Object.fromEntries(
      rules.map(({ rule, obstacle, estimate }) => [
        rule,
        {
          exact: obstacle === undefined && estimate?.validity.metric === undefined,
          ...(obstacle ? { reason: obstacle.message } : {}),
          ...(estimate?.validity.metric === undefined ? {} : { metric: estimate.validity.metric }),
        },
      ]),
    ),
  };
}
