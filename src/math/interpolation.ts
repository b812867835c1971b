// Polynomials through a few points of a few numbers each, read at a few instants, by kernels.
import { newRegion } from './pool.js';
import { LONGEST_TRAIL } from './vectors.js';

/** Where a kernel reads and writes: what stands there is gone with the next interpolation. */
export interface Interpolation {
  /** Of the points, in any order, at most `MOST`. */
  readonly times: Float64Array;
  /** At most `MOST`. */
  readonly instants: Float64Array;
  /** Row by row what the points are. */
  readonly points: Float64Array;
  /** Row by row what is read at the instants, and ∂J by that. */
  readonly readings: Float64Array;
  readonly slopes: Float64Array;
  /** readings := at the first q instants, of the first m points. */
  read(m: number, q: number): void;
  /** points := ∂J by them, as `slopes` have it by what was read last. */
  ask(m: number, q: number): void;
}

/** Dense output goes through no more points than a trail has. */
const MOST = LONGEST_TRAIL;

/** The one that was used last, which is enough for all while it has room. */
let kept: { readonly few: number; readonly interpolation: Interpolation } | undefined;

/** @param few numbers of each point */
export function interpolationOf(few: number): Interpolation {
  if (kept?.few !== few) kept = { few, interpolation: create(few) };
  return kept.interpolation;
}

function create(few: number): Interpolation {
  const table = MOST * few;
  const region = newRegion(8 * (3 * MOST + MOST + MOST * MOST + 3 * table));
  const { kernels } = region;
  const { buffer } = kernels.memory;
  let top = region.at;
  const take = (room: number, length = room): Float64Array => {
    const floats = new Float64Array(buffer, top, length);
    top += 8 * room;
    return floats;
  };
  // Behind the times kernels keep two tables of their own.
  const times = take(3 * MOST, MOST);
  const instants = take(MOST);
  const weights = take(MOST * MOST);
  const [points, readings, slopes] = [take(table), take(table), take(table)];
  const [timesAt, instantsAt, weightsAt] = [times.byteOffset, instants.byteOffset, weights.byteOffset];
  const [pointsAt, readingsAt, slopesAt] = [points.byteOffset, readings.byteOffset, slopes.byteOffset];
  return {
    times,
    instants,
    points,
    readings,
    slopes,
    read(m, q) {
      kernels.interpolate(m, timesAt, q, instantsAt, few, pointsAt, weightsAt, readingsAt);
    },
    ask(m, q) {
      kernels.interpolateBack(m, q, few, weightsAt, slopesAt, pointsAt);
    },
  };
}
