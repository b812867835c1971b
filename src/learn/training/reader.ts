// A rule as training asks it: a reading depends on values and row alone, not on what was solved before.
import { createWorkspace } from '../../solve/workspace.js';
import type { Rule, RuleOptions } from '../estimate.js';
import type { Problem } from '../problem.js';
import { readRow } from '../row.js';
import { classesOf } from './classes.js';
import type { Reader } from './training.js';

/** Reads gradients by a rule, and where targets are classes whether the outputs name the right one. */
export function makeReader(problem: Problem, rule: Rule, options: Omit<RuleOptions, 'workspace'>): Reader {
  const workspace = createWorkspace();
  const classes = classesOf(problem);
  return (values, row) => {
    workspace.renew();
    const sample = problem.sample(values, row);
    const { cost, gradient, state, validity } = readRow(rule, problem, sample, row, {
      ...options,
      workspace,
    });
    const { frozenInstants } = validity;
    return {
      cost,
      gradient,
      ...(frozenInstants ? { frozenInstants } : {}),
      ...(classes && state ? { right: classes.right(sample, row, state) } : {}),
    };
  };
}
