// What a moving grid does to the relations of a tape: α·(q − Σ u_j·q_j) scales with α, inputs move at u̇, laws that are
// explicit in t at ∂f/∂t and ∂q/∂t, and where a mode flips the state moves along the polynomial of the step, y = Σ u_j(t)·y_j.
import { LearningError } from '../errors.js';
import { mixWeights } from './grid.js';
import { signalOf } from './history.js';
import type { Relation } from './relation.js';
import type { Replay } from './replay.js';

export interface Motion {
  /** out (length size, rows < n) := α·(q(x) − Σ u_j·q(x_j)) of a relation at its point. */
  flow(relation: Relation, x: Float64Array, point: (place: number) => Float64Array, out: Float64Array): void;
  /**
   * Goes to the mix at which flip i flips.
   *
   * @throws LearningError `touching` when the signal stands still there
   */
  open(i: number, relation: Relation, point: (place: number) => Float64Array): void;
  /** There: ẋ (length size), q̇ by rows < n (length size), and d/dt of the signal that crosses. */
  readonly velocity: Float64Array;
  readonly charging: Float64Array;
  crossing(): number;
  /** Goes to (x, t), where ∂f/∂t and ∂q/∂t by rows of laws that are explicit in t are the slopes below, length size. */
  pass(x: Float64Array, t: number): void;
  readonly currentSlopes: Float64Array;
  readonly chargeSlopes: Float64Array;
  /** xddot[inputs] := second derivatives just after t, where a relation with slopes stands in stretch i. */
  curvature(i: number, t: number, xddot: Float64Array): void;
}

/** Forward difference of fourth order of slopes, over this share of the way to the next corner. */
const CURVATURE_STEP = 1e-4;
const WEIGHTS = [-25 / 12, 4, -3, 4 / 3, -1 / 4];

export function createMotion({ system, tape, grid, slopesAt }: Replay): Motion {
  const { size, charges, modes } = system;
  const rates = new Float64Array(size);
  const nonlinear = new Float64Array(charges);
  const stored = new Float64Array(charges);
  const velocity = new Float64Array(size);
  const charging = new Float64Array(size);
  const currentSlopes = new Float64Array(size);
  const chargeSlopes = new Float64Array(size);
  let crossing = 0;

  /** nonlinear += factor·q(x) of the nonlinear charges. */
  function addStored(factor: number, x: Float64Array, t: number): void {
    if (charges === 0) return;
    system.evaluateCharges(x, t, stored);
    for (let k = 0; k < charges; k++) nonlinear[k] += factor * stored[k];
  }

  return {
    velocity,
    charging,
    crossing: () => crossing,
    flow({ t, alpha, count, from, share }, x, point, out) {
      nonlinear.fill(0);
      for (let i = 0; i < size; i++) rates[i] = alpha * x[i];
      addStored(alpha, x, t);
      for (let j = 0; j < count; j++) {
        const other = point(from[j]);
        for (let i = 0; i < size; i++) rates[i] -= alpha * share[j] * other[i];
        addStored(-alpha * share[j], other, tape.timeOf(from[j]));
      }
      out.fill(0);
      system.addRates(rates, nonlinear, out);
    },
    open(i, relation, point) {
      const { count, from, t } = relation;
      const { slopes } = mixWeights(tape, relation, t);
      velocity.fill(0);
      nonlinear.fill(0);
      for (let j = 0; j < count; j++) {
        const x = point(from[j]);
        for (let k = 0; k < size; k++) velocity[k] += slopes[j] * x[k];
        addStored(slopes[j], x, tape.timeOf(from[j]));
      }
      charging.fill(0);
      system.addRates(velocity, nonlinear, charging);
      const { signal, element } = modes[grid.flips[i].mode];
      crossing = signalOf(signal, velocity);
      if (!(Math.abs(crossing) > 0)) throw touching(element, t);
    },
    currentSlopes,
    chargeSlopes,
    pass(x, t) {
      currentSlopes.fill(0);
      chargeSlopes.fill(0);
      system.addTimeSlopes?.(x, t, currentSlopes, chargeSlopes);
    },
    curvature(i, t, xddot) {
      const step = CURVATURE_STEP * (grid.flips[i].corner - t);
      xddot.fill(0);
      WEIGHTS.forEach((weight, k) => {
        slopesAt(t + k * step, rates);
        for (let s = system.n; s < size; s++) xddot[s] += (weight / step) * rates[s];
      });
    },
  };
}

function touching(element: string, t: number): LearningError {
  return new LearningError(
    `${element} flips at t = ${t} s, where its signal only touches the threshold: the instant has no derivative`,
    {
      code: 'touching',
      devices: [element],
      hint: `move vt or vh of ${element}, or keep its signal from resting at the threshold`,
    },
  );
}
