// What theory says of an error played back before there is a chip: the bias of K steps, a series in 1/K, and what laws add.
import { createRandom } from '../../../math/random.js';
import { createWorkspace } from '../../../solve/workspace.js';
import { attempt } from '../../attempt.js';
import type { Problem, Sample } from '../../problem.js';
import { isOverTime } from '../../transient/cost.js';
import { createEcho, type Echo } from '../../transient/replay.js';
import { stepsOf } from '../../transient/weights.js';
import { conductances } from '../circumstances.js';
import { type Hardware, IDEAL, type KnobName } from '../registry.js';
import { fabricate } from '../specimen.js';
import { gainsIn, type Heard, heardIn } from './hearing.js';
import { type Contribution, squared, sum } from './law.js';
import {
  alone,
  blank,
  byChance,
  byGain,
  byNetwork,
  byReading,
  constant,
  leaking,
  misread,
  otherwise,
  type Played,
  remembered,
} from './playing.js';
import { type Predictor, SILENT } from './predict.js';
import { meanOf, relativeErrorOf } from './total.js';

type Points = readonly Float64Array[];

/** Faults for which there is no law here. */
const LAWLESS: readonly KnobName[] = ['stuck', 'dead', 'wire', 'drift', 'thermal', 'adc', 'dac'];

/**
 * Those that `replay` feels where it reckons with a state at rest, for which there is no law. Under all others it has the
 * chip's own gradient of costs at rest, exactly: gradients add, and only what is played back is off.
 */
const FELT_AT_REST: readonly KnobName[] = ['leak', 'read', 'gain', 'gainspread', 'offset', 'free'];

/** Shares of the steps: of two runs that a series is laid through, and of those that it is held against. */
const COARSER = [1 / 2, 1 / 4, 1 / 3, 2 / 3];
/** Of fewer steps nothing is said. */
const LEAST_STEPS = 100;

/** What chips are looked at to see how far they are from the design, and how closely. */
const FEW_CHIPS = 8;
const FEW_STEPS = 250;

/**
 * What theory says of `replay` over time; of other rules nothing.
 *
 * @param exact gradients of the design by its costs over time, row by row
 * @param atRest those by its costs at rest, if there are any
 */
export function createEchoPredictor(
  problem: Problem,
  samples: readonly Sample[],
  exact: readonly Float64Array[],
  atRest?: readonly Float64Array[],
): Predictor {
  const workspace = createWorkspace();
  const gradient = meanOf(exact.map((one, row) => (atRest ? sum([one, atRest[row]], one.length) : one)));
  const known = new Map<number, readonly Played[] | undefined>();
  const strange = new Map<string, number>();

  const echoOf = (sample: Sample, steps: number): Echo =>
    createEcho(problem, sample, sample.costs.filter(isOverTime), { steps, workspace });

  function gradientIn(sample: Sample, steps: number): Float64Array {
    const { points, errors, answers, gradient: read } = echoOf(sample, steps);
    return read(points, answers(errors(points)).costates).slice();
  }

  /** b = A/K + B/K² by two coarser runs; others tell how far to trust it. */
  function biasOf(sample: Sample, row: number, K: number): Contribution {
    const [near, far, ...others] = COARSER.map((share) => {
      const steps = Math.round(share * K);
      return { steps, off: gradientIn(sample, steps).map((g, p) => g - exact[row][p]) };
    });
    const bend = near.off.map(
      (b, p) => (b * near.steps - far.off[p] * far.steps) / (1 / near.steps - 1 / far.steps),
    );
    const slope = near.off.map((b, p) => b * near.steps - bend[p] / near.steps);
    const at = (steps: number): Float64Array => slope.map((a, p) => a / steps + bend[p] / steps ** 2);
    const missed = others.map(({ steps, off }) => {
      const apart = at(steps).map((b, p) => b - off[p]);
      return (steps / K) * Math.sqrt(squared(apart));
    });
    return { bias: at(K), offBy: Math.max(...missed) };
  }

  function playedIn(K: number): readonly Played[] | undefined {
    if (known.has(K)) return known.get(K);
    const found = attempt(() =>
      samples.map((sample, row): Played => {
        const echo = echoOf(sample, K);
        const { points } = echo;
        const errors = echo.errors(points);
        const { costates } = echo.answers(errors);
        const explicit = echo.gradient(points, points.map(blank)).slice();
        const read = (any: Points): Float64Array => echo.gradient(points, any).map((g, p) => g - explicit[p]);
        const gain = gainsIn(sample.system, points);
        let heard: Heard | undefined;
        return {
          sample,
          row,
          echo,
          errors,
          costates,
          read,
          heard: () => (heard ??= heardIn(sample.system, echo, costates, read, gain)),
          bias: biasOf(sample, row, K),
        };
      }),
    );
    const played = found instanceof Error ? undefined : found;
    known.set(K, played);
    return played;
  }

  /** By how much the gradients of chips are away from that of the design, relative to it: of a few of them. */
  function strangeness({ mismatch, granularity }: Hardware): number {
    if (mismatch === 0 && granularity === 0) return 0;
    const key = `${mismatch} ${granularity}`;
    let found = strange.get(key);
    if (found !== undefined) return found;
    const design = gradientIn(samples[0], FEW_STEPS);
    let square = 0;
    for (let chip = 0; chip < FEW_CHIPS; chip++) {
      const hardware = { ...IDEAL, mismatch, granularity };
      const there = attempt(() =>
        gradientIn(fabricate(problem, hardware, createRandom(chip), workspace).sample(0), FEW_STEPS),
      );
      square += there instanceof Error ? Infinity : squared(there.map((g, p) => g - design[p])) / FEW_CHIPS;
    }
    strange.set(key, (found = Math.sqrt(square / squared(design))));
    return found;
  }

  const ofOtherCopy = remembered((played) => otherwise(problem, played));
  const ofLeak = remembered((played) => leaking(played, conductances(problem, played.sample, workspace)));

  return {
    ...SILENT,
    relativeError({ rule }, hardware, beta) {
      const lawless = atRest ? [...LAWLESS, ...FELT_AT_REST] : LAWLESS;
      if (rule !== 'replay' || lawless.some((name) => hardware[name] !== 0)) return Number.NaN;
      const { tstop = 0, tmax = Infinity } = problem.transient ?? {};
      const K = hardware.steps || stepsOf({ tstop, tmax });
      const rows = K < LEAST_STEPS ? undefined : playedIn(K);
      if (rows === undefined) return Number.NaN;
      const { gainspread, offset, copyoffset, copymismatch, leak } = hardware;
      const contributions = rows.map((played) => [
        byNetwork(ofLeak, played, leak, gradient),
        byNetwork(ofOtherCopy, played, copymismatch, gradient),
        byGain(played, hardware),
        byReading(played, hardware, beta),
        byChance(alone, played, gainspread),
        byChance(constant, played, offset),
        byChance(misread, played, copyoffset),
      ]);
      const leaks = contributions[0][0].shared ?? [];
      const leaked = leaks.reduce((all, v) => all + squared(v), 0) / squared(gradient);
      return relativeErrorOf(contributions, gradient, 0, strangeness(hardware) + Math.sqrt(leaked));
    },
  };
}
