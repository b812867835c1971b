// What fails on a circuit is an answer, too.
import { LearningError, SimulationError } from '../errors.js';

/** A result, or why the circuit or the rule has none. */
export function attempt<T>(compute: () => T): T | LearningError | SimulationError {
  try {
    return compute();
  } catch (error) {
    if (error instanceof LearningError || error instanceof SimulationError) return error;
    throw error;
  }
}
