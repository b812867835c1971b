// A problem that tells when a sample of it is drawn: for progress, and for those who do not want to wait.
import type { Problem, Sample } from '../learn/problem.js';

/** The same problem, of which somebody hears whenever a sample is drawn. */
export function watched(problem: Problem, drawn: () => void): Problem {
  const heard = (sample: Sample): Sample => ({
    values: sample.values,
    system: sample.system,
    costs: sample.costs,
    get sensitivity() {
      return sample.sensitivity;
    },
    at(values) {
      drawn();
      return heard(sample.at(values));
    },
  });
  return {
    parameters: problem.parameters,
    values: problem.values,
    rows: problem.rows,
    options: problem.options,
    ...(problem.transient ? { transient: problem.transient } : {}),
    get physical() {
      return problem.physical;
    },
    sample(values, row, moved) {
      drawn();
      return heard(problem.sample(values, row, moved));
    },
  };
}
