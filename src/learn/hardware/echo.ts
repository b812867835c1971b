// The error of a run played back: sources, as good as they are, drive the chip or its copy in reversed time by −β∇c(t), and
// what answers is read as βλ(t).
import type { Random } from '../../math/random.js';
import type { Workspace } from '../../solve/workspace.js';
import type { Problem, Sample } from '../problem.js';
import { isOverTime } from '../transient/cost.js';
import { createEcho } from '../transient/replay.js';
import { ofKinds } from './kinds.js';
import { converted } from './nudge-source.js';
import type { Hardware } from './registry.js';
import type { Runs } from './runs.js';
import { STREAM } from './specimen.js';
import type { Stand } from './stand.js';

type Points = readonly Float64Array[];

/** The gradient by `replay`. Over a step of h it asks for h∇c where sources play ∇c, and for hλ where λ is read. */
export function byEcho(
  { problem, specimen, place, hardware, beta, random, workspace }: Stand,
  runs: Runs,
): Float64Array {
  const { chip, K, h, bill, isExact, read, pay, seen, heat, aged, events } = runs;
  const { n } = chip.system;
  const scale = beta / h;
  const costs = chip.costs.filter(isOverTime);
  const echo = createEcho(problem, chip, costs, { steps: K, force: true, workspace });
  const { points, first } = echo;
  bill.residual = echo.residual;
  const known = read(chip.system, points, first);
  const played = throughSources(echo.errors(known), n, scale, h, hardware, random.split(STREAM.sources));
  const other = hardware.copymismatch > 0 ? ofKinds(specimen.copy(place.row), 'tran') : chip;
  const isSame = other === chip && hardware.drift === 0;
  const network = isSame ? chip.system : aged(other.at, other.values).system;
  const { costates } = echo.answers(played, network);
  const [noise, heated] = [events().split(0), heat(events().split(1), false)];
  pay(delivered(played, costates, n, beta, h));
  const off = offsets(costates, n, first, hardware.copyoffset, random.split(STREAM.offset));
  const lasting = readingsAtRest(costates, n);
  const heard = costates.map((lambda, k) => {
    if (k < first) return lambda;
    const there = lambda.slice();
    for (let i = 0; i < n; i++) there[i] += off[i];
    if (isExact) return there;
    const readings = k > 0 ? 1 : lasting;
    const volts = there.map((v) => (v * scale) / readings);
    heated[k]?.forEach((v, i) => {
      volts[i] += v / Math.sqrt(readings);
    });
    return seen(volts, points, hardware.reads * readings, noise.split(k)).map((v) => (v * readings) / scale);
  });
  return echo.gradient(known, heard);
}

/** What is left at t = 0 relaxes, and λ_0 is the sum of it: as many readings as it is longer than others. */
export const readingsAtRest = (costates: Points, n: number): number =>
  Math.max(1, largest([costates[0]], n) / largest(costates.slice(1), n) || 1);

/** What sources of β∇c deliver to a network that answers them by βλ, J. */
function delivered(played: Points, costates: Points, n: number, beta: number, h: number): number {
  let joules = 0;
  for (let k = 1; k < played.length; k++)
    for (let i = 0; i < n; i++) joules -= (beta * beta * played[k][i] * costates[k][i]) / h;
  return joules;
}

const largest = (points: Points, n: number): number =>
  points.reduce((most, x) => x.subarray(0, n).reduce((m, v) => Math.max(m, Math.abs(v)), most), 0);

/** What sources play of the errors that they are asked for: each with its gain and offset, all by steps of one converter. */
function throughSources(
  asked: Points,
  n: number,
  scale: number,
  h: number,
  { gain, gainspread, offset, dac, dacrange }: Hardware,
  random: Random,
): Points {
  if (gain === 0 && gainspread === 0 && offset === 0 && dac === 0) return asked;
  const sources = Array.from({ length: n }, (_, i) => {
    const own = random.split(i);
    const isThere = asked.some((error) => error[i] !== 0);
    return { isThere, gain: 1 + gain + gainspread * own.normal(), offset: h * offset * own.normal() };
  });
  const range = dacrange > 0 ? dacrange : 2 * scale * largest(asked, n);
  const quantum = dac > 0 ? range / 2 ** dac : 0;
  return asked.map((error, k) => {
    const play = new Float64Array(error.length);
    for (let i = 0; i < n; i++) {
      const { isThere, gain, offset } = sources[i];
      if (!isThere) continue;
      const held = quantum > 0 ? converted(error[i] * scale, quantum, range) / scale : error[i];
      play[i] = gain * held + (k > 0 ? offset : 0);
    }
    return play;
  });
}

/** By how much the copy is misread at every unknown, in units of λ. */
function offsets(answers: Points, n: number, first: number, level: number, random: Random): Float64Array {
  let square = 0;
  for (const lambda of answers.slice(first)) for (let i = 0; i < n; i++) square += lambda[i] ** 2;
  const rms = Math.sqrt(square / n / (answers.length - first));
  return Float64Array.from({ length: n }, () => (level > 0 ? level * rms * random.normal() : 0));
}

/**
 * The strength at which the most sensitive node answers an error by so many volts; 1 where nothing answers.
 *
 * @param steps of the run; 0: as many as nobody says
 * @throws LearningError where `replay` is not to be had, SimulationError
 */
export function strengthOfEcho(
  problem: Problem,
  sample: Sample,
  steps: number,
  volts: number,
  workspace: Workspace,
): number {
  const { n, isNode } = sample.system;
  const costs = sample.costs.filter(isOverTime);
  const { points, errors, answers, h } = createEcho(problem, sample, costs, {
    workspace,
    ...(steps > 0 ? { steps } : {}),
  });
  let most = 0;
  for (const lambda of answers(errors(points)).costates.slice(1))
    for (let i = 0; i < n; i++) if (isNode[i]) most = Math.max(most, Math.abs(lambda[i]));
  return most > 0 ? (volts * h) / most : 1;
}
