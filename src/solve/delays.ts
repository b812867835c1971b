// The past of delayed signals as cubic Hermite pieces, one per accepted step, with one-sided slopes: no piece crosses
// a corner. A corner of a signal comes back as a break-point one delay later, if it still matters
// at the sizes of step now taken: the error test sees to the rest.
import type { System } from '../circuit/system.js';
import type { Breakpoints } from './breakpoints.js';
import { DEPTH, type History, lagrange, signalOf } from './history.js';
import type { Past } from './inputs.js';
import type { Beginning } from './march.js';
import type { ToleranceOptions } from './tolerances.js';

export interface DelayLines extends Past {
  /** Shortest delay, s, or Infinity: no step may be longer. */
  readonly shortest: number;
  /** Appends the step from the mesh point `from` of the history to its newest point. */
  record(history: History, densePoints: number, from: number, afterCorner: boolean): void;
}

/** Share of the tolerance that a corner may cost when no step ends on it. */
const SHARE = 0.5;
/** Weight of the last step in the running mean of step sizes. */
const MEMORY = 0.05;

export function createDelayLines(
  system: System,
  begin: Beginning,
  breakpoints: Breakpoints,
  options: ToleranceOptions,
): DelayLines {
  const { delays } = system;
  const atStart = new Float64Array(DEPTH);
  const atEnd = new Float64Array(DEPTH);
  const unused = new Float64Array(DEPTH);
  let typicalStep = 0;
  const lines = delays.map((d) =>
    createLine(begin.charges && !Number.isNaN(d.initial) ? d.initial : signalOf(d.signal, begin.x)),
  );
  return {
    shortest: delays.reduce((least, d) => Math.min(least, d.by), Infinity),
    value: (k, t) => lines[k].at(t - delays[k].by),
    record(history, m, from, afterCorner) {
      const t0 = history.times[from];
      const t1 = history.times[0];
      if (delays.length === 0) return;
      const { points } = history;
      lagrange(history.times, m, t0, unused, atStart);
      lagrange(history.times, m, t1, unused, atEnd);
      typicalStep += (typicalStep === 0 ? 1 : MEMORY) * (t1 - t0 - typicalStep);
      for (let k = 0; k < delays.length; k++) {
        const { signal, by } = delays[k];
        const line = lines[k];
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
          const tol = options.reltol * line.largest + options.vntol;
          const jump = Math.abs(v0 - line.value);
          const bend = Math.abs(s0 - line.slope);
          if (jump > SHARE * tol) breakpoints.add(t0 + by, 0);
          else if (bend * typicalStep > SHARE * tol) breakpoints.add(t0 + by, (0.1 * SHARE * tol) / bend);
        }
        line.append(t0, t1, v0, v1, s0, s1, t1 - by);
      }
    },
  };
}

interface Line {
  /** Newest value and slope from the left. */
  value: number;
  slope: number;
  /** Largest absolute value so far. */
  largest: number;
  at(t: number): number;
  /** Pieces that end before `oldest` are forgotten. */
  append(t0: number, t1: number, v0: number, v1: number, s0: number, s1: number, oldest: number): void;
}

const FIELDS = 6;

function createLine(initial: number): Line {
  let data = new Float64Array(FIELDS * 64);
  let first = 0;
  let end = 0;
  let cursor = 0;
  let begin = 0;
  const line: Line = {
    value: initial,
    slope: 0,
    largest: Math.abs(initial),
    at(t) {
      if (end === 0) return initial;
      let p = Math.min(Math.max(cursor, first), end - 1);
      while (p > first && t <= data[FIELDS * p]) p--;
      while (p < end - 1 && t > data[FIELDS * p + 1]) p++;
      cursor = p;
      const k = FIELDS * p;
      const t0 = data[k];
      if (t <= t0) return t < begin ? initial : data[k + 2];
      const h = data[k + 1] - t0;
      const u = Math.min(1, (t - t0) / h);
      const w = 1 - u;
      return (
        w * w * ((1 + 2 * u) * data[k + 2] + u * h * data[k + 4]) +
        u * u * ((1 + 2 * w) * data[k + 3] - w * h * data[k + 5])
      );
    },
    append(t0, t1, v0, v1, s0, s1, oldest) {
      while (first < end - 1 && data[FIELDS * first + 1] < oldest) first++;
      if (FIELDS * (end + 1) > data.length) compact();
      if (end === 0) begin = t0;
      const k = FIELDS * end++;
      data[k] = t0;
      data[k + 1] = t1;
      data[k + 2] = v0;
      data[k + 3] = v1;
      data[k + 4] = s0;
      data[k + 5] = s1;
      line.value = v1;
      line.slope = s1;
      line.largest = Math.max(line.largest, Math.abs(v1));
    },
  };
  return line;

  /** Moves the pieces in use to the front, into more memory when they fill half of it. */
  function compact(): void {
    const used = data.subarray(FIELDS * first, FIELDS * end);
    const roomy = used.length * 2 > data.length ? new Float64Array(data.length * 2) : data;
    if (roomy === data) data.copyWithin(0, FIELDS * first, FIELDS * end);
    else roomy.set(used);
    data = roomy;
    cursor = Math.max(0, cursor - first);
    end -= first;
    first = 0;
  }
}
