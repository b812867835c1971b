// The runs of one row of a chip: how each is read, what it takes, and what the chip has become by the next.
import type { System } from '../../circuit/system.js';
import type { Random } from '../../math/random.js';
import type { Sample } from '../problem.js';
import { stepsOf } from '../transient/weights.js';
import { type Bill, blankBill } from './apparatus.js';
import { createWalk } from './drift.js';
import { ofKinds } from './kinds.js';
import { converterOffsets, gains, measured, type ReadOut, readOutOf } from './read-out.js';
import { energyOf } from './sampling.js';
import { STREAM } from './specimen.js';
import type { Stand } from './stand.js';
import { fluctuation } from './thermal-run.js';

type Points = readonly Float64Array[];

export interface Runs {
  /** With its costs over time alone. */
  readonly chip: Sample;
  /** Instants are h apart, s: 0, h, … Kh. */
  readonly K: number;
  readonly h: number;
  readonly bill: Bill;
  /** What is read of a run is what its sources make it do: without heat, noise and converters. */
  readonly isExact: boolean;
  /** A run is over that took so much energy, J. */
  pay(joules: number): void;
  /**
   * The points (length size) of a run that is over, as they are read.
   *
   * @param from number of the first that is a point
   */
  read(system: System, points: Points, from?: number): Points;
  /** As the amplifiers and converters read that read the run: x is what is there, `reads` as `reads` of `ReadOut`. */
  seen(x: Float64Array, points: Points, reads: number, random: Random): Float64Array;
  /** What heat adds to the unknowns at the instants of a run; nothing without it. */
  heat(random: Random, isFresh: boolean): Points;
  /** The chip, or its copy, made at these values and grown older since the first run. */
  aged(at: (values: Float64Array) => Sample, values: Float64Array): Sample;
  /** What happens in the run that comes next. */
  events(): Random;
}

const READING = 0;
const AGE = 1;
const HEAT = 2;

export function createRuns({ problem, place, hardware, random }: Stand): Runs {
  const chip = ofKinds(place.chip, 'tran');
  const { n } = chip.system;
  const { tstop = 0, tmax = Infinity, uic = false } = problem.transient ?? {};
  const K = hardware.steps || stepsOf({ tstop, tmax });
  const h = tstop / K;
  const bill = blankBill();
  const happenings = random.split(STREAM.runs).split(place.row);
  const offsets = converterOffsets(n, random.split(STREAM.converters));
  const readOut: ReadOut = readOutOf(hardware);
  const isRead = readOut.noise > 0 || readOut.bits > 0;
  const isHot = hardware.thermal > 0;
  const heat = isHot ? fluctuation(chip.system, hardware.thermal, K, h) : () => [];
  const events = (): Random => happenings.split(bill.phases);
  let amplifiers: Float64Array | undefined;
  const walk = createWalk(hardware.drift);

  const seen: Runs['seen'] = (x, points, reads, noise) => {
    if (!isRead) return x;
    amplifiers ??= gains(chip.system, rms(points, n));
    return measured(x, amplifiers, { ...readOut, reads }, offsets, noise);
  };
  const pay = (joules: number): void => {
    bill.phases++;
    bill.seconds += tstop;
    bill.joules += joules;
  };
  return {
    chip,
    K,
    h,
    bill,
    isExact: !isRead && !isHot,
    pay,
    seen,
    heat,
    events,
    read(system, points, from = 0) {
      const noise = events().split(READING);
      const deviations = heat(events().split(HEAT), uic);
      pay(energyOf(system, points, h, from));
      return points.map((x, k) => seen(added(x, deviations[k]), points, readOut.reads, noise.split(k)));
    },
    aged(at, values) {
      if (hardware.drift === 0 || bill.phases === 0) return at(values);
      return at(walk(values, events().split(AGE)));
    },
  };
}

/** x + δ in the unknowns. */
function added(x: Float64Array, by: Float64Array | undefined): Float64Array {
  if (by === undefined) return x;
  const sum = x.slice();
  for (let i = 0; i < by.length; i++) sum[i] += by[i];
  return sum;
}

/** Of every unknown, over the points. */
export function rms(points: Points, n: number): Float64Array {
  const square = new Float64Array(n);
  for (const x of points) for (let i = 0; i < n; i++) square[i] += (x[i] * x[i]) / points.length;
  return square.map(Math.sqrt);
}
