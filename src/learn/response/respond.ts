// The response of a circuit at a point to its AC sources, frequency by frequency.
import { createSmallSignal, type SmallSignal } from '../../analysis/small-signal.js';
import type { System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import type { Workspace } from '../../solve/workspace.js';
import type { Answer, Instance } from './cost.js';

export interface Response extends SmallSignal, Answer {
  /**
   * The response is that at a frequency (Hz) from now on; returns ω, rad/s.
   *
   * @throws LearningError `singular` when there is none
   */
  moveTo(frequency: number): number;
}

/** @param x the operating point, length size */
export function responseAt(system: System, x: Float64Array, workspace: Workspace): Response {
  const response = createSmallSignal(system, x, workspace);
  return {
    ...response,
    x,
    moveTo(frequency) {
      const omega = 2 * Math.PI * frequency;
      if (response.solve(omega) === 0) return omega;
      throw new LearningError(`the matrix is singular at ${frequency} Hz: there is no response`, {
        code: 'singular',
        devices: [],
        hint: 'choose a frequency at which .ac has a solution',
      });
    },
  };
}

/** Σ factor·c over all frequencies. */
export function costOf(
  system: System,
  x: Float64Array,
  instances: readonly Instance[],
  workspace: Workspace,
): number {
  const response = responseAt(system, x, workspace);
  let sum = 0;
  for (const { frequency, costs } of instances) {
    response.moveTo(frequency);
    for (const { cost, factor } of costs) sum += factor * cost.value(response, frequency);
  }
  return sum;
}
