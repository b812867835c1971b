// J = Σ w_k c(x_k): a cost over time from what is known at K + 1 equal instants, c read as a straight line between them.
import type { TransientRequest } from '../../analysis/transient.js';
import { inside, type TimeTerm } from './cost.js';

/** At least. */
const STEPS = 1000;

/** Equal steps of a run when nobody says: none is longer than the `.tran` allows. */
export const stepsOf = ({ tstop, tmax = Infinity }: TransientRequest): number =>
  Math.max(STEPS, Math.ceil(tstop / tmax));

/**
 * The weights w_0 … w_K of one term, its own left out.
 *
 * @param first 1 where nothing is known at t = 0: what belongs there goes to the first instant after
 * @throws LearningError `outside-the-run` when a time or an end of an interval is not in [0, Kh]
 */
export function weightsOf(term: TimeTerm, h: number, K: number, first: number): Float64Array {
  const tstop = K * h;
  const w = new Float64Array(K + 1);
  const cellOf = (t: number) => Math.min(K - 1, Math.max(0, Math.floor(t / h)));
  if (term.at === 'times') {
    for (const t of term.times) {
      inside(term.functional, t, tstop);
      const k = cellOf(t);
      w[k] += 1 - (t / h - k);
      w[k + 1] += t / h - k;
    }
  } else {
    inside(term.functional, term.from, tstop);
    inside(term.functional, term.to, tstop);
    for (let k = cellOf(term.from); k <= cellOf(term.to); k++) {
      const a = Math.max(0, term.from / h - k);
      const b = Math.min(1, term.to / h - k);
      if (!(a < b)) continue;
      w[k + 1] += (h * (b * b - a * a)) / 2;
      w[k] += h * (b - a - (b * b - a * a) / 2);
    }
  }
  if (first > 0) {
    w[first] += w[0];
    w[0] = 0;
  }
  return w;
}
