// J = Σ weight·∫ c dt + Σ weight·c(t_k) along a trajectory, read off the dense output of its accepted steps, and what
// that asks of their points: dense output is linear in them.
import type { Functional, Sensitivity } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import { DEPTH } from '../../solve/history.js';
import { blankPiece } from '../../solve/relation.js';
import type { Tape } from '../../solve/tape.js';
import type { Trajectory } from '../../solve/trajectory.js';
import type { Claims } from '../../solve/transpose.js';
import type { CostTerm } from '../problem.js';
import { createDrift } from './drift.js';
import { createReading } from './reading.js';
import { createWholePiece, ruleOf } from './whole-piece.js';

export type TimeTerm = Extract<CostTerm, { at: 'interval' | 'times' }>;

export interface TimeCost {
  /** J of the trajectory. */
  value(trajectory: Trajectory): number;
  /** The same of one piece; adds its ∂J/∂x to the claims, and its ∂J/∂p at fixed x to the sensitivity. */
  claim(trajectory: Trajectory, sensitivity: Sensitivity, piece: number, claims: Claims): number;
}

export interface Weighted {
  readonly functional: Functional;
  readonly factor: number;
}

/**
 * c is read at t within a piece; `exact`: at its end, where the point itself is the solution. Every factor counts `share`
 * times.
 */
type Visit = (t: number, exact: boolean, terms: readonly Weighted[], share: number) => void;

/** Part of a piece that several intervals have in common. */
interface Span {
  from: number;
  to: number;
  readonly terms: Weighted[];
}

/**
 * @param tape the grid that says in which piece what is read, now and with other parameters
 * @throws LearningError `outside-the-run` when a time or an end of an interval is not in [0, tstop].
 */
export function timeCost(tape: Tape, costs: readonly TimeTerm[]): TimeCost {
  const tstop = tape.end;
  const intervals = costs.flatMap((term) => (term.at === 'interval' ? [{ ...term, ...weighted(term) }] : []));
  const instants = costs
    .flatMap((term) => (term.at === 'times' ? term.times.map((t) => ({ t, ...weighted(term) })) : []))
    .sort((a, b) => a.t - b.t);
  for (const { from, to, functional } of intervals) {
    inside(functional, from, tstop);
    inside(functional, to, tstop);
  }
  for (const { t, functional } of instants) inside(functional, t, tstop);
  const piece = blankPiece();
  /** The piece as the tape has it, another one should it have moved. */
  const unmoved = blankPiece();
  let recorded = piece;
  const reads = entriesRead(costs);
  const reading = createReading();
  const { points, weights } = reading;
  let opened = -1;
  let readsInputs = true;
  let ofSize = 0;
  let x = new Float64Array(0);
  let gradient = new Float64Array(0);
  /** Entries of x asked of at a reading, and how much of one point. */
  let which = new Int32Array(0);
  let shares = new Float64Array(0);
  /** Where all intervals lie over each other. */
  const common =
    intervals.length === 0
      ? undefined
      : { from: Math.max(...intervals.map((i) => i.from)), to: Math.min(...intervals.map((i) => i.to)) };
  const spans: Span[] = intervals.map(() => ({ from: 0, to: 0, terms: [] }));
  const single: Weighted[] = [];
  /** ∂J/∂x of the points of a piece over the entries read, while all of them are unknowns. */
  const asked = new Float64Array(DEPTH * (reads?.length ?? 0));
  const drift = createDrift();
  const wholePiece = reads && createWholePiece(intervals, reads);

  return {
    value(trajectory) {
      prepare(trajectory);
      let sum = 0;
      for (let p = 0; p < tape.pieces; p++) {
        // When its points stand is known once they are solved.
        trajectory.point(tape.endOf(p));
        drift.open(trajectory, p);
        eachReading(trajectory, p, (t, exact, terms, share) => {
          read(trajectory, p, t, exact);
          for (const { functional, factor } of terms) sum += factor * share * functional.value(x, t);
        });
      }
      return sum;
    },
    claim(trajectory, sensitivity, p, claims) {
      prepare(trajectory);
      if (wholePiece && !readsInputs && !drift.open(trajectory, p) && isPlain(p))
        return wholePiece(trajectory, sensitivity, piece, claims);
      const { n, size } = trajectory.replay.system;
      let sum = 0;
      const drifts = drift.open(trajectory, p);
      eachReading(trajectory, p, (t, exact, terms, share) => {
        read(trajectory, p, t, exact);
        if (reads) for (let k = 0; k < reads.length; k++) gradient[reads[k]] = 0;
        else gradient.fill(0);
        for (let k = 0; k < terms.length; k++) {
          const { functional, factor } = terms[k];
          sum += factor * share * functional.addGradient(x, t, factor * share, gradient);
          sensitivity.addFunctional(functional, factor * share, x, t);
        }
        if (drifts) drift.add(t, x, terms, share, gradient, reading.points);
        if (!exact && reads && !readsInputs) {
          for (let j = 0, at = 0; j < piece.count; j++)
            for (let k = 0; k < reads.length; k++) asked[at++] += weights[j] * gradient[reads[k]];
          return;
        }
        const last = exact ? size : n;
        let count = 0;
        if (reads) {
          for (let k = 0; k < reads.length; k++) if (reads[k] < last) which[count++] = reads[k];
        } else for (let i = 0; i < last; i++) if (gradient[i] !== 0) which[count++] = i;
        for (let j = 0; j < (exact ? 1 : piece.count); j++) {
          const weight = exact ? 1 : weights[j];
          for (let k = 0; k < count; k++) shares[k] = weight * gradient[which[k]];
          claims.addPoint(piece.through[j], which, count, shares, 0);
        }
        if (exact) return;
        if (!readsInputs) return;
        gradient.fill(0, 0, n);
        claims.addInputs(gradient, t, 0, p + 1);
      });
      if (opened === p) passOn(claims);
      if (drifts) claims.addInstants(p, drift.before(), drift.end());
      return sum;
    },
  };

  /** Whether all intervals go on throughout piece p, and no instant lies in it. Leaves the piece behind. */
  function isPlain(p: number): boolean {
    const { from, to } = tape.piece(p, piece);
    return isCommon(from, to) && !(instants[firstIn(p, from)]?.t <= to);
  }

  /** The first instant that may be read in piece p, which begins at `from`. */
  function firstIn(p: number, from: number): number {
    return p > 0 ? after(instants, from) : 0;
  }

  function isCommon(from: number, to: number): boolean {
    return common !== undefined && from >= common.from && to <= common.to;
  }

  /** What all readings of a piece together ask of its points. */
  function passOn(claims: Claims): void {
    if (readsInputs || !reads) return;
    const few = reads.length;
    for (let j = 0; j < piece.count; j++) claims.addPoint(piece.through[j], reads, few, asked, j * few);
  }

  function prepare({ replay }: Trajectory): void {
    const { n, size } = replay.system;
    opened = -1;
    if (ofSize === size) return;
    ofSize = size;
    x = new Float64Array(size);
    gradient = new Float64Array(size);
    which = new Int32Array(size);
    shares = new Float64Array(size);
    readsInputs = !reads?.every((i) => i < n);
  }

  /** Where piece p is read: which instants and ends of intervals lie in it is a matter of the recorded grid. */
  function eachReading({ replay }: Trajectory, p: number, visit: Visit): void {
    replay.tape.piece(p, piece);
    recorded = replay.tape === tape ? piece : tape.piece(p, unmoved);
    const { from, to } = recorded;
    if (isCommon(from, to)) integrate(piece.from, piece.to, intervals, visit);
    else integrateParts(visit);
    for (let k = firstIn(p, from); k < instants.length; k++) {
      const { t } = instants[k];
      if (t > to) break;
      single[0] = instants[k];
      drift.hold();
      const exact = t === to && tape.kindOf(piece.through[0]) !== 'mix' && !drift.moves(t);
      visit(t, exact, single, 1);
    }
  }

  function integrate(from: number, to: number, terms: readonly Weighted[], visit: Visit): void {
    const h = to - from;
    const { nodes, weights } = ruleOf(piece);
    for (let g = 0; g < nodes.length; g++) {
      drift.place(from, to, nodes[g], weights[g]);
      visit(from + nodes[g] * h, false, terms, weights[g] * h);
    }
  }

  /** A piece in which intervals begin or end. */
  function integrateParts(visit: Visit): void {
    let count = 0;
    for (const term of intervals) {
      if (!(Math.max(term.from, recorded.from) < Math.min(term.to, recorded.to))) continue;
      const from = term.from > recorded.from ? term.from : piece.from;
      const to = term.to < recorded.to ? term.to : piece.to;
      let k = 0;
      while (k < count && !(spans[k].from === from && spans[k].to === to)) k++;
      const span = spans[k];
      if (k === count) {
        count++;
        span.from = from;
        span.to = to;
        span.terms.length = 0;
      }
      span.terms.push(term);
    }
    for (let k = 0; k < count; k++) integrate(spans[k].from, spans[k].to, spans[k].terms, visit);
  }

  function open(trajectory: Trajectory, p: number): void {
    opened = p;
    if (reads) for (let k = 0; k < piece.count * reads.length; k++) asked[k] = 0;
    reading.open(trajectory, piece);
  }

  /** x := the solution at a reading, of which the weights of the piece's points are left behind. */
  function read(trajectory: Trajectory, p: number, t: number, exact: boolean): void {
    if (opened !== p) open(trajectory, p);
    if (exact) {
      x.set(points[0]);
      return;
    }
    const { replay } = trajectory;
    const { n } = replay.system;
    reading.weigh(t);
    if (reads) for (let k = 0; k < reads.length; k++) x[reads[k]] = 0;
    else x.fill(0);
    for (let j = piece.count - 1; j >= 0; j--) {
      const point = points[j];
      const w = weights[j];
      if (reads) for (let k = 0; k < reads.length; k++) x[reads[k]] += w * point[reads[k]];
      else for (let i = 0; i < n; i++) x[i] += w * point[i];
    }
    if (readsInputs) replay.inputsAt(t, 0, p + 1, tape.modesOf(piece.through[0]), x);
  }
}

/** Whether a term is of the transient. */
export const isOverTime = (term: CostTerm): term is TimeTerm => term.at === 'interval' || term.at === 'times';

const weighted = ({ functional, weight }: TimeTerm): Weighted => ({ functional, factor: weight });

/** The first k with t_k > t. */
function after(sorted: readonly { readonly t: number }[], t: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle].t <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entries of x that the terms read, undefined when they do not say. */
function entriesRead(costs: readonly TimeTerm[]): Int32Array | undefined {
  const all = new Set<number>();
  for (const { functional } of costs) {
    if (!functional.reads) return undefined;
    for (const i of functional.reads) all.add(i);
  }
  return Int32Array.from(all);
}

/** @throws LearningError `outside-the-run` unless t is in [0, tstop]. */
export function inside(functional: Functional, t: number, tstop: number): void {
  if (t >= 0 && t <= tstop) return;
  throw new LearningError(
    `the cost of ${functional.name} reads t = ${t} s, and the transient ends at ${tstop} s`,
    {
      code: 'outside-the-run',
      devices: [],
      hint: 'let .tran run longer, or let the cost end earlier',
    },
  );
}
