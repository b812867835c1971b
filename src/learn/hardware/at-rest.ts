// What a rule takes of a chip for costs at its operating point: phases that come to rest and are read.
import { ruleByName } from '../rules/registry.js';
import { setUp } from './apparatus.js';
import type { Stand, Taken } from './stand.js';

/** @param weights S of the design, by which the rule nudges and reads */
export function atRest(stand: Stand, weights: Float64Array | undefined): Taken {
  const { problem, specimen, place, hardware, method, beta, random, workspace } = stand;
  const apparatus = setUp(problem, specimen, place.rest!, hardware, method, beta, random, workspace);
  const { gradient } = ruleByName(method.name).estimate(problem, apparatus.sample, {
    ...method.options,
    beta,
    force: true,
    settle: apparatus.settle,
    measure: apparatus.measure,
    ...(weights ? { weights } : {}),
    workspace,
  });
  return { gradient, bill: apparatus.bill };
}
