// A tape whose grid has moved: instants at which modes flip are found anew, one after the other, and the times of the points
// behind them are scaled with what is left until the next corner.
import { SimulationError } from '../errors.js';
import { type Grid, mixWeights } from './grid.js';
import { signalOf } from './history.js';
import { blankRelation } from './relation.js';
import type { Tape } from './tape.js';

export interface MovedTape extends Tape {
  /**
   * Finds the instant of the flip at a place, if there is one, from the points before it: before the place is read.
   *
   * @throws SimulationError `no-crossing`
   */
  approach(place: number, earlier: (place: number) => Float64Array): void;
}

const MOST_ITERATIONS = 50;
/** Share of t to which an instant is found; corrections this small that no longer shrink are rounding. */
const CLOSE = 1e-12;
const SHRINKING = 0.5;

/** @param tape complete */
export function createMovedTape(tape: Tape, grid: Grid): MovedTape {
  const { flips } = grid;
  const { modes } = tape.system;
  const relation = blankRelation();
  const recorded = new Float64Array(tape.system.size);
  /** The instants that have been found; where on the recorded grid they lie, and the weights of what is named there. */
  const instants = new Float64Array(flips.length);
  const weights: Float64Array[] = [];

  /** How much longer the stretch after flip i has become. */
  const stretch = (i: number): number => {
    const { t, corner } = flips[i];
    return (corner - instants[i]) / (corner - t);
  };
  const moved = (i: number, t: number): number => {
    if (i < 0 || t >= flips[i].corner) return t;
    const { corner } = flips[i];
    return corner - (corner - t) * stretch(i);
  };
  const timeOf = (place: number): number => {
    const i = grid.at(place);
    return i >= 0 ? instants[i] : moved(grid.after(place), tape.timeOf(place));
  };
  return {
    ...tape,
    timeOf,
    relation(place, into) {
      tape.relation(place, into);
      const flip = grid.at(place);
      if (flip >= 0) into.share.set(weights[flip]);
      const i = grid.after(place);
      if (grid.rate(i, into) > 0) into.alpha /= stretch(i);
      into.t = timeOf(place);
      return into;
    },
    piece(p, into) {
      tape.piece(p, into);
      const { count, through, times, mesh } = into;
      for (let j = 0; j < count; j++) times[j] = timeOf(through[j]);
      into.from = times[mesh];
      into.to = times[0];
      return into;
    },
    approach(place, earlier) {
      const flip = grid.at(place);
      if (flip < 0) return;
      tape.relation(place, relation);
      tape.point(place, recorded);
      const { signal } = modes[flips[flip].mode];
      const level = signalOf(signal, recorded);
      const { count, from } = relation;
      const values = Float64Array.from({ length: count }, (_, j) => signalOf(signal, earlier(from[j])));
      const t = instantOf(level, values, flip);
      instants[flip] = moved(grid.after(place), t);
    },
  };

  /** When the polynomial of a step has the level: on the recorded grid. Leaves the weights of its points there. */
  function instantOf(level: number, values: Float64Array, flip: number): number {
    let { t } = flips[flip];
    let previous = Infinity;
    for (let m = 0; m < MOST_ITERATIONS; m++) {
      const { values: w, slopes } = mixWeights(tape, relation, t);
      let off = -level;
      let slope = 0;
      for (let j = 0; j < values.length; j++) {
        off += w[j] * values[j];
        slope += slopes[j] * values[j];
      }
      weights[flip] = w;
      const step = off / slope;
      if (Math.abs(step) <= CLOSE * t && !(Math.abs(step) < SHRINKING * previous)) return t;
      t -= step;
      previous = Math.abs(step);
    }
    const { element } = modes[flips[flip].mode];
    throw new SimulationError(
      `with parameters moved, the signal of ${element} does not cross near t = ${flips[flip].t} s`,
      {
        code: 'no-crossing',
        time: flips[flip].t,
        unknowns: [],
        devices: [element],
        tried: ['Newton from the recorded instant'],
      },
    );
  }
}
