// Costs at rest, over time and of AC responses ask different things of a chip; one deck may have all of them.
import type { CostTerm, Problem, Sample } from '../problem.js';
import { without } from '../rules/parts.js';

/** As `.cost` cards say it. */
export type CostKind = 'op' | 'tran' | 'ac';

const kindOf = ({ at }: CostTerm): CostKind => (at === 'op' || at === 'ac' ? at : 'tran');

/** Those of a problem. */
export function kindsOf(problem: Problem): readonly CostKind[] {
  const there = new Set(problem.sample(problem.values, 0).costs.map(kindOf));
  return (['op', 'tran', 'ac'] as const).filter((kind) => there.has(kind));
}

/** The sample with its costs of some kinds alone. */
export const ofKinds = (sample: Sample, ...kinds: readonly CostKind[]): Sample =>
  sample.costs.every((term) => kinds.includes(kindOf(term)))
    ? sample
    : without(sample, (term) => !kinds.includes(kindOf(term)));
