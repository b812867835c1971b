// The march in time: step sizes, break-points hit exactly, consistent restarts after corners, modes that flip where
// their signal crosses, and what to say when it cannot go on.
import type { System } from '../circuit/system.js';
import type { Passage } from '../math/passage.js';
import { createArena } from '../math/vectors.js';
import { createBreakpoints } from './breakpoints.js';
import { createChatter } from './chatter.js';
import { allowance } from './control.js';
import { type Crossing, firstCrossing } from './crossing.js';
import { createDelayLines } from './delays.js';
import { createHistory, DEPTH, FEW } from './history.js';
import { createInputs } from './inputs.js';
import { createNewton } from './newton.js';
import type { Interruption, Method, SolveOptions } from './options.js';
import { createRecorder } from './recorder.js';
import { createReinitialiser } from './reinitialise.js';
import { createRelations, RELATION_VECTORS } from './relations.js';
import { loss } from './rounding.js';
import type { Beginning, Segment, Sink } from './segment.js';
import { createBdf } from './steppers/bdf.js';
import { COLUMNS } from './steppers/extrapolation.js';
import { createOdex } from './steppers/odex.js';
import type { StepContext, Stepper } from './steppers/stepper.js';
import { createTrapezoidal } from './steppers/trapezoidal.js';
import { createTrBdf2 } from './steppers/trbdf2.js';
import { stuck } from './stuck.js';
import type { Writer } from './tape.js';
import { createTolerances } from './tolerances.js';
import { createTraces } from './traces.js';
import { type Counters, createCounters, createLinearisation, type Workspace } from './workspace.js';

export interface MarchOptions extends SolveOptions {
  readonly tstop: number;
  /** Largest step, s. */
  readonly tmax: number;
  /** Receives every accepted step as a relation that can be differentiated. */
  readonly tape?: Writer;
  /**
   * A corner is two points, one from either side, whether it jumps or not: what follows from a time that moves, the
   * delay of a line or the beginning of an edge, has one slope before the corner and another after it.
   */
  readonly twoSided?: boolean;
}

export interface MarchResult {
  readonly complete: boolean;
  readonly counters: Counters;
}

const MAKERS: Record<Method, (context: StepContext) => Stepper> = {
  bdf: createBdf,
  odex: createOdex,
  trap: createTrapezoidal,
  trbdf2: createTrBdf2,
};

/** First step over what the interval to the next corner would allow. */
const FIRST_STEP = 1e-3;
const CORNER_STEP = 1;
/** Rejections in a row after which an algebraic unknown is taken to have jumped. */
const PATIENCE = 6;
/** Limits from the left are read earlier by at most this share of a step, or by this share of reltol of it. */
const EARLIEST = 1e-9;
const EARLY = 1e-6;
/** Share of the terms of a row that rounding takes from their sum. */
const ROUNDING = 2 ** -55;
/** As steppers tighten what they allow. */
const TIGHTENING = 0.25;
/** Steps that have become so much shorter since the last corner may be rejected for rounding. */
const CREPT = 0.01;
/** No step over tstop is smaller than this, even at t = 0. */
const SMALLEST = 1e-28;
const ULP = 2 ** -52;
/** Vectors of the history, the steppers, the reinitialiser and the residual; untouched memory costs nothing. */
const VECTORS = 64 + RELATION_VECTORS;

/** A march that may pause between two steps. */
export interface March {
  /**
   * Marches on, giving every accepted point to the sink; `pauses` is asked between two steps. Whether tstop is reached.
   *
   * @throws SimulationError when a step becomes smaller than time can resolve; the sink has had all points before.
   */
  run(sink: Sink, pauses: () => boolean): boolean;
  /** Hands over all that what follows depends on, to the last bit, but for what the tape holds. */
  pass(passage: Passage): void;
  readonly time: number;
  readonly counters: Counters;
  /** Gives its memory back: it goes no further. */
  release(): void;
}

/**
 * Integrates from 0 to tstop, giving every accepted point to the sink.
 *
 * @throws SimulationError as `March.run`.
 */
export function march(
  system: System,
  begin: Beginning,
  options: MarchOptions,
  workspace: Workspace,
  sink: Sink,
  interruption?: Interruption,
): MarchResult {
  const marching = createMarch(system, begin, options, workspace);
  const complete = marching.run(sink, () => interruption?.aborted === true);
  marching.release();
  return { complete, counters: marching.counters };
}

export function createMarch(
  system: System,
  begin: Beginning,
  options: MarchOptions,
  workspace: Workspace,
): March {
  const { tstop, method } = options;
  const counters = createCounters(method === 'odex' ? 2 * COLUMNS : undefined);
  const { size, charges } = system;
  const arena = createArena(
    system.n,
    size + charges,
    VECTORS,
    DEPTH,
    system.linearRows,
    workspace.pool,
    system.addNonlinear.parts?.straight,
  );
  const tolerances = createTolerances(system, options, arena);
  const history = createHistory(size, charges, method === 'odex' ? DEPTH : FEW, arena);
  const inputs = createInputs(system);
  inputs.modes.set(begin.modes);
  const lin = createLinearisation(system, workspace, arena);
  const newton = createNewton(system, lin, arena, tolerances, counters, options.itl4);
  const relations = options.tape && createRelations(options.tape, options, system, inputs, lin, arena);
  const recorder =
    options.tape && relations && createRecorder(options.tape, inputs, { arena, relations, newton });
  const context: StepContext = {
    system,
    history,
    arena,
    inputs,
    lin,
    newton,
    tolerances,
    counters,
    trtol: options.trtol,
    maxord: options.maxord,
    ...(recorder ? { recorder } : {}),
  };
  const stepper = MAKERS[method](context);
  const reinitialiser = createReinitialiser(context, tstop);
  const breakpoints = createBreakpoints(system.sources, tstop);
  const chatter = createChatter(system, tstop);
  const traces = options.tape?.traces ?? createTraces(system.delays, false);
  const past = createDelayLines(system, breakpoints, options, traces);
  inputs.past = past;
  const hmax = Math.min(options.tmax, past.shortest);

  // Plain fields: an object with a getter is a dictionary, slow to look into.
  const segment: { -readonly [K in keyof Segment]: Segment[K] } = {
    from: 0,
    to: 0,
    end: history.points[0],
    endRates(out) {
      if (history.count === 1) out.y.fill(0);
      else if (retreated) segment.ratesAt(t, out);
      else stepper.rates(out);
    },
    at(at, out) {
      history.interpolate(at, stepper.densePoints(), out.y, false);
      inputs.at(at, out.y, 0);
    },
    ratesAt(at, out) {
      history.interpolate(at, stepper.densePoints(), out.y, true);
    },
  };

  const allowed = allowance(options.trtol, options.reltol, TIGHTENING);
  const mayConcede = tolerances.fine && (method === 'bdf' || method === 'trap');
  const lost = new Float64Array(system.n);
  let sink: Sink = () => {};
  let begun = false;
  let t = 0;
  let retreated = false;
  let corner = breakpoints.next(0);
  let landed = false;
  let step = 0;
  /** The longest step since the last corner. */
  let longest = 0;

  return {
    run(to, pauses) {
      sink = to;
      if (!begun) beginAt();
      while (t < tstop) {
        if (pauses()) return false;
        const isFirst = history.count === 1;
        t = advance();
        tolerances.remember(history.points[0].y, t, !landed && system.modes.length === 0);
        const crossed = system.modes.length > 0 ? locateCrossing() : undefined;
        past.record(history, stepper.densePoints(), stepper.meshPoint(), isFirst);
        recorder?.piece(history, stepper.meshPoint(), stepper.densePoints());
        give();
        if (t >= tstop) break;
        if (crossed) flipModes(crossed);
        else if (landed) turnCorner();
        else if (system.delays.length > 0) corner = Math.min(corner, breakpoints.scheduled(t));
      }
      return true;
    },
    pass(passage) {
      begun = passage.flag(begun);
      t = passage.number(t);
      corner = passage.number(corner);
      step = passage.number(step);
      longest = passage.number(longest);
      lin.lu.pass(passage);
      for (const part of [
        history,
        inputs,
        tolerances,
        newton,
        relations,
        stepper,
        reinitialiser,
        breakpoints,
        past,
        chatter,
      ])
        part?.pass(passage);
    },
    get time() {
      return t;
    },
    counters,
    release() {
      workspace.pool.giveBack(arena.region);
    },
  };

  function give(): void {
    segment.from = history.count === 1 ? t : history.times[stepper.meshPoint()];
    segment.to = t;
    segment.end = history.points[0];
    sink(segment);
  }

  /** The first point, consistent with the sources just after 0. */
  function beginAt(): void {
    begun = true;
    const start = recorder?.begin(begin) ?? begin;
    past.begin(start.x, start.charges !== undefined);
    const first = history.next;
    first.x.set(start.x);
    if (start.charges) {
      inputs.at(0, first.y, 0);
      if (!reinitialiser.fromCharges(start.charges.rows, start.charges.q)) fail(0, 'initial-state');
    } else {
      inputs.at(0, first.y, 0);
      system.evaluate(first.y, 0, lin.f, first.q);
      first.place = 0;
      history.push(0);
      if (start.inconsistent && !reinitialiser.jump(0, -8 * ULP * tstop)) fail(0, 'initial-state');
    }
    settleModes();
    stepper.restart();
    step = Math.min(hmax, corner) * FIRST_STEP;
    give();
  }

  /** Takes one step that is accepted and returns its end; `landed` when that is a break-point. */
  function advance(): number {
    let failures = 0;
    /** At a corner what no charge holds has only the accuracy of the step before: from a point made consistent, steps may do. */
    let settled = false;
    let wanted = Math.min(step, hmax);
    for (;;) {
      const left = corner - t;
      let end = t + wanted;
      let hits = false;
      if (wanted >= left * (1 - 1e-3)) {
        end = corner;
        hits = true;
      } else if (2 * wanted > left) end = t + left / 2;
      const h = end - t;
      const error = stepper.attempt(end, hits ? leftOf(end, h) : 0);
      if (error <= 1) {
        step = stepper.accept(hmax);
        longest = Math.max(longest, h);
        if (failures > 0) tolerances.narrow(false);
        counters.accepted++;
        landed = hits;
        return end;
      }
      if (Number.isNaN(error)) counters.newtonFailures++;
      else counters.rejected++;
      if (mayConcede && h < CREPT * longest && error < Infinity && concede(h, error)) continue;
      failures++;
      wanted = Math.min(0.9 * h, stepper.reject(error, failures));
      if (failures === PATIENCE) {
        if (history.count === 1 && !settled && reinitialiser.jump(t, -8 * ULP * t)) {
          settled = true;
          failures = 0;
          stepper.restart();
          wanted = Math.min(step, hmax);
        } else tolerances.narrow(true);
      }
      if (!(t + wanted > t + 4 * ULP * t) || wanted < SMALLEST * tstop) {
        tolerances.narrow(false);
        fail(wanted, Number.isNaN(error) ? 'newton-diverged' : 'step-too-small');
      }
    }
  }

  /** What rounding may leave of the point just tried, a step of h from the newest, is no reason to reject it: try it again? */
  function concede(h: number, error: number): boolean {
    const { x } = history.points[0];
    const { x: tried } = history.next;
    const rate = (j: number) => Math.abs(tried[j] - x[j]) / h;
    loss(system, lin, ROUNDING / allowed, (j) => Math.abs(x[j]), rate, lost);
    return tolerances.concede(lost, error);
  }

  /** How much earlier the limit from the left at a corner is read: as corners are known, and as errors are allowed. */
  function leftOf(corner: number, h: number): number {
    const known = Math.max(64 * ULP * corner, system.delays.length > 0 ? 2 * breakpoints.width : 0);
    return Math.max(8 * ULP * corner, Math.min(EARLIEST * h, Math.max(EARLY * options.reltol * h, known)));
  }

  function turnCorner(): void {
    const clusterEnd = breakpoints.clusterEnd(t);
    const later = clusterEnd - t + 8 * ULP * t;
    corner = breakpoints.next(clusterEnd);
    history.restart();
    const apart = options.twoSided === true || reinitialiser.jumps(t, -later);
    if (apart && !reinitialiser.jump(t, -later)) fail(0, 'newton-diverged');
    settleModes();
    restartWith(CORNER_STEP);
  }

  function restartWith(share: number): void {
    counters.restarts++;
    longest = 0;
    stepper.restart();
    step = Math.min(step, hmax, share * (corner - t));
  }

  /** Moves the newest point back to the first crossing of a mode's signal within the last step. */
  function locateCrossing(): Crossing | undefined {
    const m = stepper.densePoints();
    const first = firstCrossing(system, inputs, history, m, history.times[stepper.meshPoint()], t);
    retreated = first !== undefined;
    if (!first) return undefined;
    t = first.t;
    history.interpolate(t, m, history.next.y, false);
    recorder?.mix(history, t, m);
    history.retreat(t);
    return first;
  }

  function flipModes({ mode }: Crossing): void {
    recorder?.crossing(mode, breakpoints.next(t));
    flip();
    history.restart();
    if (!reinitialiser.jump(t, -8 * ULP * t)) fail(0, 'newton-diverged');
    settleModes();
    corner = breakpoints.next(t);
    restartWith(CORNER_STEP);
  }

  /** After a jump modes may disagree with their signals: flip until they agree, each at most a few times. */
  function settleModes(): void {
    for (let round = 0; round < 2 * system.modes.length + 2; round++) {
      if (flip() === 0) return;
      if (!reinitialiser.jump(t, -8 * ULP * t)) fail(0, 'newton-diverged');
    }
  }

  /** Flips what disagrees with its signal; how many did. */
  function flip(): number {
    const flipped = inputs.flip(history.points[0].x);
    if (flipped > 0) chatter.flips(t, inputs.modes);
    return flipped;
  }

  function fail(step: number, code: string): never {
    throw stuck(context, stepper, options, t, step, code);
  }
}
