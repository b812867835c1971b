// The last accepted values of y = [x | q] with their times, newest first, and linear combinations of them: the
// Lagrange polynomial through the newest points extrapolates, interpolates and is differentiated.
import type { Signal } from '../circuit/system.js';
import type { Passage } from '../math/passage.js';
import { type Arena, LONGEST_TRAIL } from '../math/vectors.js';

/** One point of the trajectory: `x` and `q` are views of `y`. */
export interface State {
  readonly y: Float64Array;
  readonly x: Float64Array;
  readonly q: Float64Array;
  /** Its place on the tape, when one is kept. */
  place: number;
}

/** Most points ever combined, and how many a multistep method wants. */
export const DEPTH = LONGEST_TRAIL;
export const FEW = 8;

export interface History {
  /** Length of x and of y = [x | q]. */
  readonly size: number;
  readonly length: number;
  /** `points[j]`, `times[j]`: the j-th newest, valid for j < count. */
  readonly points: State[];
  readonly times: Float64Array;
  /** Points since the last corner. */
  count: number;
  /** Where the next point is being computed. */
  next: State;
  /** Makes `next` the newest point. */
  push(t: number): void;
  /** The newest point is replaced by `next`, at an earlier time t. */
  retreat(t: number): void;
  /** Forgets all points but the newest. */
  restart(): void;
  /** out := value (or derivative) at t of the polynomial through the `m` newest points. */
  interpolate(t: number, m: number, out: Float64Array, derivative: boolean): void;
  /** The same for a signal. */
  signal(s: Signal, t: number, m: number, derivative: boolean): number;
  pass(passage: Passage): void;
}

/** A state in memory of its own, or on a vector of an arena. */
export function createState(size: number, charges: number, arena?: Arena): State {
  const y = arena?.vector() ?? new Float64Array(size + charges);
  return { y, x: y.subarray(0, size), q: y.subarray(size), place: -1 };
}

/**
 * Weights w[j] with Σ w[j]·y(times[j]) = p(t), and dw[j] with Σ dw[j]·y(times[j]) = p′(t), for the polynomial p through
 * `m` points.
 */
export function lagrange(times: Float64Array, m: number, t: number, w: Float64Array, dw: Float64Array): void {
  for (let j = 0; j < m; j++) {
    let value = 1;
    let slope = 0;
    for (let i = 0; i < m; i++) {
      if (i === j) continue;
      const c = 1 / (times[j] - times[i]);
      slope = (slope * (t - times[i]) + value) * c;
      value *= (t - times[i]) * c;
    }
    w[j] = value;
    dw[j] = slope;
  }
}

/** Points on the trail of an arena. @param depth points kept, ≤ DEPTH */
export function createHistory(size: number, charges: number, depth: number, arena: Arena): History {
  const w = new Float64Array(depth);
  const dw = new Float64Array(depth);
  const history: History = {
    size,
    length: size + charges,
    points: Array.from({ length: depth }, () => createState(size, charges, arena)),
    times: arena.trail.times,
    count: 0,
    next: createState(size, charges, arena),
    push(t) {
      const { points, next } = history;
      arena.trail.push(next.y, t);
      history.next = points[depth - 1];
      for (let j = depth - 1; j > 0; j--) points[j] = points[j - 1];
      points[0] = next;
      if (history.count < depth) history.count++;
    },
    retreat(t) {
      const newest = history.points[0];
      history.points[0] = history.next;
      history.next = newest;
      arena.trail.replace(history.points[0].y, t);
    },
    restart() {
      history.count = Math.min(history.count, 1);
    },
    interpolate(t, m, out, derivative) {
      lagrange(history.times, m, t, w, dw);
      const weights = derivative ? dw : w;
      for (let j = 0; j < m; j++) {
        const y = history.points[j].y;
        const c = weights[j];
        if (j === 0) for (let i = 0; i < history.length; i++) out[i] = c * y[i];
        else for (let i = 0; i < history.length; i++) out[i] += c * y[i];
      }
    },
    pass(passage) {
      const { points, times } = history;
      history.count = passage.number(history.count);
      for (let j = history.count - 1; j >= 0; j--) {
        passage.vector(points[j].y);
        points[j].place = passage.number(points[j].place);
        const t = passage.number(times[j]);
        if (passage.back) arena.trail.push(points[j].y, t);
      }
    },
    signal(s, t, m, derivative) {
      lagrange(history.times, m, t, w, dw);
      const weights = derivative ? dw : w;
      let sum = 0;
      for (let j = 0; j < m; j++) sum += weights[j] * signalOf(s, history.points[j].y);
      return sum;
    },
  };
  return history;
}

/** Σ weight·x[index]. */
export function signalOf(s: Signal, x: Float64Array): number {
  const { index, weight } = s;
  let sum = 0;
  for (let k = 0; k < index.length; k++) sum += weight[k] * x[index[k]];
  return sum;
}
