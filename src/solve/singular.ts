// A trajectory has no derivative where the matrix of a step has no inverse.
import { LearningError } from '../errors.js';

export const singularStep = (t: number): LearningError =>
  new LearningError(
    `the matrix of the step to t = ${t} s has no inverse: the trajectory has no gradient there`,
    {
      code: 'singular',
      devices: [],
      hint: 'a smaller largest step in .tran avoids the singular step',
    },
  );
