// The times that a step must hit exactly: corners of sources and corners that come back out of delays, merged, and
// coalesced where closer than can matter.
import type { Source } from '../circuit/system.js';
import type { Passage } from '../math/passage.js';

export interface Breakpoints {
  /** Corners closer than this are one, s. */
  readonly width: number;
  /** First break-point after t, at most tstop. */
  next(t: number): number;
  /** Where a cluster that begins at the break-point t ends: its members are treated as one. */
  clusterEnd(t: number): number;
  /** The first after t of those scheduled by `add`, or Infinity. */
  scheduled(t: number): number;
  /** Schedules one at t; a scheduled one within `slack` s of it serves as well. */
  add(t: number, slack: number): void;
  /** Hands over those scheduled. */
  pass(passage: Passage): void;
}

const CLUSTER = 1e-12;

export function createBreakpoints(sources: readonly Source[], tstop: number): Breakpoints {
  const varying = sources.filter((s) => s.varies);
  const width = CLUSTER * tstop;
  const scheduled: number[] = [];

  const fromSources = (t: number) => {
    let first = Infinity;
    for (const source of varying) {
      const b = source.nextBreakpoint(t);
      if (b > t && b < first) first = b;
    }
    return first;
  };
  const clip = (b: number) => (b >= tstop - width ? tstop : b);
  const next = (t: number) => {
    while (scheduled.length > 0 && scheduled[0] <= t) scheduled.shift();
    const first = Math.min(fromSources(t), scheduled.length > 0 ? scheduled[0] : Infinity);
    return clip(first);
  };
  return {
    width,
    next,
    clusterEnd(t) {
      let end = t;
      for (let b = next(end); b - t <= width && b < tstop; b = next(b)) end = b;
      return end;
    },
    scheduled(t) {
      while (scheduled.length > 0 && scheduled[0] <= t) scheduled.shift();
      return scheduled.length > 0 ? clip(scheduled[0]) : Infinity;
    },
    add(t, slack) {
      if (t >= tstop) return;
      let at = 0;
      while (at < scheduled.length && scheduled[at] < t) at++;
      const near = Math.max(slack, width);
      if (at < scheduled.length && scheduled[at] - t <= near) return;
      if (at > 0 && t - scheduled[at - 1] <= near) return;
      scheduled.splice(at, 0, t);
    },
    pass(passage) {
      scheduled.length = passage.number(scheduled.length);
      for (let k = 0; k < scheduled.length; k++) scheduled[k] = passage.number(scheduled[k]);
    },
  };
}
