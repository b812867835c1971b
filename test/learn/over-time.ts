// Problems whose costs are over time, from the text of a deck, and how far the adjoint is from its judge.

import type { GradientEstimate, RuleOptions } from '../../src/learn/estimate.js';
import type { Problem } from '../../src/learn/problem.js';
import { ruleByName } from '../../src/learn/rules/registry.js';
import { problemOf } from '../../src/lesson/deck.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { createWorkspace, type Workspace } from '../../src/solve/workspace.js';

/** A deck without title and `.end`. */
export const problemOfDeck = (deck: string): Problem => problemOf(parseDeck(`title\n${deck}\n.end\n`));

export function gradientBy(rule: string, problem: Problem, options: RuleOptions = {}): GradientEstimate {
  return ruleByName(rule).estimate(problem, problem.sample(problem.values, 0), options);
}

/** Largest distance of two gradients in terms g·p of the parameters, over the largest of those. */
export function distance(problem: Problem, g: Float64Array, reference: Float64Array): number {
  const scale = problem.values.map((p) => Math.abs(p) || 1);
  const largest = Math.max(...reference.map((r, k) => Math.abs(r) * scale[k]));
  return Math.max(...g.map((v, k) => Math.abs(v - reference[k]) * scale[k])) / largest;
}

/** A workspace that counts what its LU solves. */
export function countingWorkspace(): { workspace: Workspace; solved: { plain: number; transposed: number } } {
  const plain = createWorkspace();
  const solved = { plain: 0, transposed: 0 };
  const workspace: Workspace = {
    ...plain,
    lu(pattern) {
      const lu = plain.lu(pattern);
      return {
        ...lu,
        solve(b) {
          solved.plain++;
          lu.solve(b);
        },
        solveTransposed(b) {
          solved.transposed++;
          lu.solveTransposed(b);
        },
      };
    },
  };
  return { workspace, solved };
}
