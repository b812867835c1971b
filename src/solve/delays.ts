// The past of delayed signals, with one-sided slopes: no piece crosses a corner. A corner of a signal comes back as a break-point one delay later, if it still matters
// at the sizes of step now taken: the error test sees to the rest.
import type { System } from '../circuit/system.js';
import type { Passage } from '../math/passage.js';
import type { Breakpoints } from './breakpoints.js';
import { type History, signalOf } from './history.js';
import type { Past } from './inputs.js';
import type { ToleranceOptions } from './tolerances.js';
import { createStepSlopes, type Traces } from './traces.js';

export interface DelayLines extends Past {
  /** Shortest delay, s, or Infinity: no step may be longer. */
  readonly shortest: number;
  /** Nothing is before x; `uic`: but what delays begin with. */
  begin(x: Float64Array, uic: boolean): void;
  /** Appends the step from the mesh point `from` of the history to its newest point. */
  record(history: History, densePoints: number, from: number, afterCorner: boolean): void;
  /** Hands over all but the traces. */
  pass(passage: Passage): void;
}

/** Share of the tolerance that a corner may cost when no step ends on it. */
const SHARE = 0.5;
/** Weight of the last step in the running mean of step sizes. */
const MEMORY = 0.05;

export function createDelayLines(
  system: System,
  breakpoints: Breakpoints,
  options: ToleranceOptions,
  traces: Traces,
): DelayLines {
  const { delays } = system;
  const slopes = createStepSlopes();
  const { atStart, atEnd } = slopes;
  /** Newest values and slopes from the left, and the largest absolute values so far. */
  const newest = new Float64Array(delays.length);
  const slope = new Float64Array(delays.length);
  const largest = new Float64Array(delays.length);
  let typicalStep = 0;
  let pieces = 0;
  return {
    shortest: delays.reduce((least, d) => Math.min(least, d.by), Infinity),
    value: (k, t) => traces.value(k, t, pieces),
    begin(x, uic) {
      for (let k = 0; k < delays.length; k++) {
        const { initial, signal } = delays[k];
        newest[k] = traces.before[k] = uic && !Number.isNaN(initial) ? initial : signalOf(signal, x);
        largest[k] = Math.abs(newest[k]);
      }
    },
    record(history, m, from, afterCorner) {
      if (delays.length === 0) return;
      const { points, times } = history;
      const t0 = times[from];
      const t1 = times[0];
      slopes.of(times, m, from);
      typicalStep += (typicalStep === 0 ? 1 : MEMORY) * (t1 - t0 - typicalStep);
      traces.open(pieces, t1);
      for (let k = 0; k < delays.length; k++) {
        const { signal, by } = delays[k];
        const v0 = signalOf(signal, points[from].x);
        const v1 = signalOf(signal, points[0].x);
        let s0 = 0;
        let s1 = 0;
        for (let j = 0; j < m; j++) {
          const v = j === 0 ? v1 : j === from ? v0 : signalOf(signal, points[j].x);
          s0 += atStart[j] * v;
          s1 += atEnd[j] * v;
        }
        if (afterCorner) {
          const tol = options.reltol * largest[k] + options.vntol;
          const jump = Math.abs(v0 - newest[k]);
          const bend = Math.abs(s0 - slope[k]);
          if (jump > SHARE * tol) breakpoints.add(t0 + by, 0);
          else if (bend * typicalStep > SHARE * tol) breakpoints.add(t0 + by, (0.1 * SHARE * tol) / bend);
        }
        traces.put(pieces, k, v0, v1, s0, s1);
        newest[k] = v1;
        slope[k] = s1;
        largest[k] = Math.max(largest[k], Math.abs(v1));
      }
      pieces++;
    },
    pass(passage) {
      typicalStep = passage.number(typicalStep);
      pieces = passage.number(pieces);
      for (const v of [newest, slope, largest]) passage.vector(v);
    },
  };
}
