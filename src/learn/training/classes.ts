// Targets as classes: rows that share the same targets belong to one class, and a row is right when its outputs are
// nearer to its own class than to any other. With one-hot targets that is the largest output; with one output of two
// values, the nearer of the two.
import type { Problem, Sample } from '../problem.js';

export interface Classes {
  /** Whether the outputs at x (length size) of a row's sample name that row's class. */
  right(sample: Sample, row: number, x: Float64Array): boolean;
}

/** Undefined when a cost has no target, or no two rows share theirs. */
export function classesOf(problem: Problem): Classes | undefined {
  const rows = Array.from({ length: problem.rows }, (_, row) =>
    targetsOf(problem.sample(problem.values, row)),
  );
  if (rows.some((targets) => targets === undefined)) return undefined;
  const targets = rows as readonly (readonly number[])[];
  const classes = [...new Map(targets.map((t) => [t.join(' '), t])).values()];
  if (classes.length === rows.length || classes.length < 2) return undefined;
  return {
    right(sample, row, x) {
      const outputs = sample.costs.map((c) => (c.at === 'op' ? c.output!.functional.value(x, 0) : 0));
      const away = (target: readonly number[]): number =>
        outputs.reduce((sum, v, k) => sum + (v - target[k]) ** 2, 0);
      const own = targets[row];
      return classes.every((c) => c.every((v, k) => v === own[k]) || away(c) > away(own));
    },
  };
}

function targetsOf({ costs }: Sample): readonly number[] | undefined {
  const targets = costs.map((c) => (c.at === 'op' ? c.output?.target : undefined));
  return targets.includes(undefined) ? undefined : (targets as number[]);
}
