// A run at equal instants: what a chip in time is read by, and the energy that it takes.
import type { System } from '../../circuit/system.js';
import { blankPiece } from '../../solve/relation.js';
import type { Trajectory } from '../../solve/trajectory.js';
import { createReading } from '../transient/reading.js';
import type { Knob } from './knob.js';
import { powerMeter } from './power.js';

export const steps: Knob = {
  name: 'steps',
  unit: '',
  summary:
    'equal steps of a run: it is read after each, and by replay driven with what was read (unless given: 1000, or as .tran asks)',
  ideal: 0,
  unasked: '1000, or more where .tran asks for shorter steps',
  min: 0,
  max: 1e6,
  whole: true,
  costs: ['tran'],
};

/** x (length size) at the K + 1 instants, in one pass from the first point to the last. */
export function sampled(run: Trajectory, K: number): readonly Float64Array[] {
  const { tape, system, inputsAt } = run.replay;
  const { n, size } = system;
  const piece = blankPiece();
  const reading = createReading();
  let p = -1;
  return Array.from({ length: K + 1 }, (_, k) => {
    const t = k === K ? tape.end : (k * tape.end) / K;
    if (p < 0 || piece.to < t) {
      do {
        // Where a piece ends in the flip of a switch that has moved, its times are known when its points are.
        run.point(tape.endOf(++p));
        tape.piece(p, piece);
      } while (piece.to < t && p < tape.pieces - 1);
      reading.open(run, piece);
    }
    reading.weigh(t);
    const x = new Float64Array(size);
    for (let j = piece.count - 1; j >= 0; j--) {
      const point = reading.points[j];
      for (let i = 0; i < n; i++) x[i] += reading.weights[j] * point[i];
    }
    inputsAt(t, 0, p + 1, tape.modesOf(piece.through[0]), x);
    return x;
  });
}

/** What the independent sources deliver in a run known at instants h apart, the first of them number `first`, J. */
export function energyOf(system: System, points: readonly Float64Array[], h: number, first = 0): number {
  const { size, charges } = system;
  const watts = powerMeter(system);
  const [middle, rate] = [new Float64Array(size), new Float64Array(size)];
  const [before, after] = [new Float64Array(charges), new Float64Array(charges)];
  let joules = 0;
  for (let k = first; k < points.length - 1; k++) {
    const [a, b] = [points[k], points[k + 1]];
    for (let i = 0; i < size; i++) {
      middle[i] = (a[i] + b[i]) / 2;
      rate[i] = (b[i] - a[i]) / h;
    }
    system.evaluateCharges(a, k * h, before);
    system.evaluateCharges(b, (k + 1) * h, after);
    for (let c = 0; c < charges; c++) after[c] = (after[c] - before[c]) / h;
    joules += h * watts(middle, (k + 0.5) * h, rate, after);
  }
  return joules;
}
