// A chip on the bench: phases that take time and make noise, states that are read with errors, and the bill for it all.
import type { Complex, System } from '../../circuit/system.js';
import { LearningError } from '../../errors.js';
import type { Random } from '../../math/random.js';
import { slowestTimeConstant } from '../../solve/time-constant.js';
import type { Workspace } from '../../solve/workspace.js';
import { augment } from '../compose/augment.js';
import type { Problem, Sample } from '../problem.js';
import { relax } from '../relax.js';
import { type Settle, settleByNewton } from '../settle.js';
import { type Circumstances, circumstances } from './circumstances.js';
import { secondCopy, withOffset } from './copies.js';
import { difference, drifted } from './drift.js';
import type { Method } from './methods.js';
import { nudgedBy, nudgeSources } from './nudge-source.js';
import { powerMeter } from './power.js';
import { converterOffsets, gains, measured, readOutOf } from './read-out.js';
import type { Hardware, KnobName } from './registry.js';
import { SETTLED } from './settling.js';
import { type Specimen, STREAM } from './specimen.js';
import { createHeat } from './thermal-phase.js';

/** What a gradient took. */
export interface Bill {
  phases: number;
  /** Circuit time, s. */
  seconds: number;
  /** Energy that the independent sources delivered, and into a run played back what plays the error, J. */
  joules: number;
  /** Largest residual of a phase, relative to the tolerances. */
  residual: number;
}

export const blankBill = (): Bill => ({ phases: 0, seconds: 0, joules: 0, residual: 0 });

/** One row of a chip: the circuit at rest, without errors of nudging or reading. */
export interface Occasion {
  readonly row: number;
  readonly exact: Circumstances;
  /** Slowest time constant, s. */
  readonly tau: number;
}

/** @throws SimulationError when it has no operating point, LearningError when it has no gradient there */
export function occasion(problem: Problem, chip: Sample, row: number, workspace: Workspace): Occasion {
  const exact = circumstances(problem, chip, workspace, row);
  return { row, exact, tau: slowestTimeConstant(chip.system, exact.x, workspace) };
}

export interface Apparatus {
  /** The chip, with the nudge sources it has: what rules are given. */
  readonly sample: Sample;
  /** How its phases come to rest and are read. */
  readonly settle: Settle;
  /** How phases at complex β are read, which stand for the first harmonic of a slow sinusoidal nudge. */
  readonly measure: (x: Complex) => Complex;
  readonly bill: Bill;
}

/**
 * Puts one row of a chip on the bench.
 * @param method the rule that will be put on it, for whether it has a second copy
 * @param beta the nudge that rules will use: converters must know it
 * @param random the specimen's stream
 */
export function setUp(
  problem: Problem,
  specimen: Specimen,
  { row, exact, tau }: Occasion,
  hardware: Hardware,
  method: Method,
  beta: number,
  random: Random,
  workspace: Workspace,
): Apparatus {
  const { options } = problem;
  const chip = exact.sample;
  const { system } = chip;
  const { n } = system;
  const bill = blankBill();
  const events = random.split(STREAM.rows).split(row);
  const readOut = readOutOf(hardware);
  const gain = repeated(gains(system, exact.x));
  const offsets = converterOffsets(2 * n, random.split(STREAM.converters));
  const nudging = {
    gain: hardware.gain,
    spread: hardware.gainspread,
    offset: hardware.offset,
    bits: hardware.dac,
    range: hardware.dacrange,
    beta,
  };
  const sources = nudgeSources(exact.cost.terms, exact.x, nudging, random.split(STREAM.sources));
  const heat = hardware.thermal > 0 ? createHeat(exact, hardware, tau, workspace) : undefined;
  /** What is behind a state that was read. */
  const actual = new WeakMap<Float64Array, Float64Array>();
  const pairing = method.pairing ?? 'm-s';
  const twin = hardware.copymismatch > 0 && method.copies === 2 ? specimen.copy(row).system : undefined;
  let values = chip.values;

  /** Rows of a composition that are still rows of the circuit: a clamped node's is not. */
  const freeRows = (target: System): Uint8Array =>
    system.isNode.map((is, i) => (is === target.isNode[i] ? 1 : 0));

  /** What was asked for, made of the devices that are there: those of the second copy, and as they have become by now. */
  const built = (asked: System, isFirst: boolean, random: Random): System => {
    if (asked.n === 2 * n) return twin ? augment(asked, secondCopy(system, twin, pairing)) : asked;
    const target = twin && !isFirst ? augment(asked, difference(system, twin, freeRows(asked))) : asked;
    if (hardware.drift === 0 || bill.phases === 0) return target;
    values = drifted(values, hardware.drift, random);
    return augment(target, difference(system, chip.at(values).system, freeRows(asked)));
  };

  const settle: Settle = (asked, _, __, start) => {
    const happens = events.split(bill.phases);
    const target = built(asked, start === undefined, happens.split(0));
    const from = start && { x: actual.get(start.x) ?? start.x, modes: start.modes };
    const duration = start ? hardware.nudged : hardware.free;
    const watts = powerMeter(target);
    let end: ReturnType<Settle>;
    let seconds = SETTLED * tau;
    let joules = 0;
    if (duration === 0 || tau === 0) {
      end = settleByNewton(target, options, workspace, from ?? (asked.n === n ? exact : undefined));
      joules = tau > 0 ? seconds * watts(end.x) : 0;
    } else {
      let before = 0;
      seconds = duration * tau;
      end = relax(target, from, options, workspace, {
        duration,
        timeConstant: tau,
        observe(segment) {
          const now = watts(segment.end.x.slice(0, target.size));
          joules += ((before + now) / 2) * (segment.to - segment.from);
          before = now;
        },
      });
    }
    let x = end.x;
    if (heat) {
      x = heat.disturb(target, x, happens.split(1));
      seconds += hardware.average * tau;
      joules += hardware.average * tau * watts(end.x);
    }
    bill.phases++;
    bill.seconds += seconds;
    bill.joules += joules;
    bill.residual = Math.max(bill.residual, end.residual);
    if (hardware.copyoffset > 0 && asked.n === 2 * n)
      x = withOffset(x, n, pairing, hardware.copyoffset, random.split(STREAM.offset));
    const seen = measured(x, gain.subarray(0, asked.n), readOut, offsets, happens.split(2));
    actual.set(seen, end.x);
    if (!start) sources.hold(asked.n === n ? seen : exact.x);
    return { ...end, x: seen };
  };

  const measure = (x: Complex): Complex => {
    const fault = UNKNOWN_TO_CIRCLES.find((name) => hardware[name] !== 0);
    if (fault !== undefined) throw notOnCircles(fault);
    const happens = events.split(bill.phases);
    bill.phases++;
    bill.seconds += SETTLED * tau;
    bill.joules += SETTLED * tau * powerMeter(system)(x.re);
    const own = gain.subarray(0, n);
    return {
      re: measured(x.re, own, readOut, offsets, happens.split(0)),
      im: measured(x.im, own, readOut, offsets, happens.split(1)),
    };
  };

  return { sample: nudgedBy(chip, sources.terms), settle, measure, bill };
}

/** Faults of phases that are no rest of the circuit at real β. */
const UNKNOWN_TO_CIRCLES = ['thermal', 'nudged', 'drift'] as const;

const notOnCircles = (fault: KnobName): LearningError =>
  new LearningError(
    `${fault} is a matter of time, and nudges on a circle are points of rest at complex β: take equilibrium, or ${fault}=0`,
    {
      code: 'not-on-circles',
      devices: [],
      hint: `leave ${fault} at 0, or take equilibrium, whose phases last and change as on a chip`,
    },
  );

function repeated(a: Float64Array): Float64Array {
  const twice = new Float64Array(2 * a.length);
  twice.set(a);
  twice.set(a, a.length);
  return twice;
}
