// λᵀ∂f/∂p and μᵀ∂q/∂p: summed by derived parameter of the instances concerned, and by the chain rule once at the end
// with respect to what stands on the cards.
import { type Diagnostic, InputError } from '../errors.js';
import { mentions } from '../expression/split.js';
import type { Address } from './address.js';
import { type BoundGroup, type Numbered, parameter } from './bind.js';
import { onBoundary } from './boundary.js';
import { type Concern, columnsBehind, homes, planOf } from './concerned.js';
import { partsOf } from './functional.js';
import type { Numbers } from './gradient-loops.js';
import { initialGradient } from './initial-gradient.js';
import { makePartials, slotOf } from './partials.js';
import { reachOf } from './reach.js';
import { sourceGradient } from './source-gradient.js';
import type { Partials, Sensitivity } from './system.js';

/** The instances concerned of one group with their numbers and sums. */
export interface Concerned extends Concern {
  readonly bound: BoundGroup;
  readonly numbers: Numbers;
  /** Σ yᵀ∂(f or q)/∂derived, by row, `loops.derived.length` a piece. */
  readonly sums: Float64Array;
  /** The same by raw parameter, `loops.raw.length` a piece. */
  readonly byRaw: Float64Array;
}

/** @throws InputError for names that are no trainable parameters, or parameters without a value */
export function makeSensitivity(numbered: Numbered, names: readonly string[]): Sensitivity {
  const { structure, bound, lookup, binding } = numbered;
  const plan = planOf(structure, binding, names);
  const { addresses, columns, concerns, doubtful } = plan;
  demandSlopes(numbered, doubtful);
  const concerned = concerns.map((concern): Concerned => {
    const one = bound[concern.group];
    const { rows, loops } = concern;
    const { index, derived } = one.block;
    return {
      ...concern,
      bound: one,
      numbers: { rows, index, derived, raw: one.raw },
      sums: new Float64Array(rows.length * loops.derived.length),
      byRaw: new Float64Array(rows.length * loops.raw.length),
    };
  });
  const sources = sourceGradient(structure, lookup, binding, addresses);
  const starts = initialGradient(numbered, concerned, (e, name) =>
    columnsBehind(structure, binding, columns, e, name),
  );
  const { group, position } = homes(structure);
  const byGroup = new Map(concerned.map((c) => [c.group, c]));
  const delays = concernedDelays(bound, byGroup);
  const moved = [...delays.keys()].filter((k) => isMoved(delays[k]));
  let partials: Partials | undefined;
  /** What is not a sum over instances: sources, initial conditions. */
  const direct = new Float64Array(names.length);
  const addTo = ({ loops, sums }: Concerned, row: number, derived: number, value: number): void => {
    const at = loops.derived.indexOf(derived);
    if (at >= 0) sums[row * loops.derived.length + at] += value;
  };
  return {
    parameters: names,
    ofSources: !sources.isEmpty,
    ofDelays: moved,
    movesCorners: moved.length > 0 || sources.ofTimes,
    clear() {
      direct.fill(0);
      for (const { sums } of concerned) sums.fill(0);
    },
    addCurrents(lambda, x, t) {
      for (const { loops, numbers, sums } of concerned) loops.currents?.(numbers, sums, sums, lambda, x, t);
    },
    addCharges(mu, x, t) {
      for (const { loops, numbers, sums } of concerned) loops.charges?.(numbers, sums, sums, mu, x, t);
    },
    addRates(mu, xdot) {
      for (const of of concerned) addLinearRates(of, mu, xdot);
    },
    addSources: (nu, t) => sources.add(nu, t, direct),
    addStimulus: (re, im) => sources.addStimulus(re, im, direct),
    addDelayed(k, factor, x) {
      const found = delays[k];
      if (found === undefined) return;
      const { of, row, position, delay } = found;
      const { template } = of.bound.group;
      for (const { local, weight } of template.delays[delay].signal)
        addTo(of, row, weight, factor * x[of.numbers.index[position * template.locals.length + local]]);
    },
    addDelayedInitial(k, factor) {
      const found = delays[k];
      if (found === undefined) return;
      const { initial } = found.of.bound.group.template.delays[found.delay];
      if (initial !== undefined) addTo(found.of, found.row, initial, factor);
    },
    addDelay(k, factor) {
      const found = delays[k];
      if (found === undefined) return;
      addTo(found.of, found.row, found.of.bound.group.template.delays[found.delay].by, factor);
    },
    addInitialCharges: (mu) => starts(mu, direct),
    partials: () => (partials ??= makePartials(names.length, concerned, sources, delays)),
    addFunctional(c, factor, x, t) {
      for (const { element, derived, slope } of partsOf(c)) {
        const of = byGroup.get(group[element]);
        const row = of?.rowOf.get(position[element]);
        if (of !== undefined && row !== undefined) addTo(of, row, derived, factor * slope(x, t));
      }
    },
    gradient() {
      const gradient = direct.slice();
      for (const { loops, numbers, sums, byRaw, seatAt, seatTo } of concerned) {
        byRaw.fill(0);
        loops.chain(numbers, sums, byRaw, sums, sums, 0);
        for (let s = 0; s < seatAt.length; s++) gradient[seatTo[s]] += byRaw[seatAt[s]];
      }
      return gradient;
    },
    reach: () => reachOf(structure, plan),
  };
}

/** sums += μᵀ∂(C ẋ)/∂derived of the linear charges, whose coefficients are derived parameters. */
function addLinearRates(of: Concerned, mu: Float64Array, xdot: Float64Array): void {
  const { derived } = of.loops;
  for (const { matrix, plus, minus, column, coefficient } of of.bound.group.template.linear) {
    const d = derived.indexOf(coefficient);
    if (matrix === 'G' || column < 0 || d < 0) continue;
    for (let row = 0; row < of.rows.length; row++) {
      const weight =
        (plus < 0 ? 0 : mu[slotOf(of, row, plus)]) - (minus < 0 ? 0 : mu[slotOf(of, row, minus)]);
      of.sums[row * derived.length + d] += weight * xdot[slotOf(of, row, column)];
    }
  }
}

/** Every number must have a value, and the circuit the same structure on both sides of it. */
function demandSlopes({ structure, lookup, binding }: Numbered, doubtful: readonly Address[]): void {
  const errors: Diagnostic[] = [];
  for (const { element: e, parameter: name } of doubtful) {
    const element = structure.circuit.elements[e];
    const { kind, model } = structure.species[e];
    const value = parameter(structure, e, name, lookup, binding);
    const isUnset = Number.isNaN(value);
    if (!isUnset && !onBoundary({ element, kind, model, binding }, lookup, name)) continue;
    errors.push({
      severity: 'error',
      code: isUnset ? 'unset-parameter' : 'structural-parameter',
      message: isUnset
        ? `${element.name}.${name} has no value to differentiate at`
        : `${element.name}.${name} has no derivative at ${value}: moved from there, the device has another structure`,
      hint: isUnset
        ? `write ${name}=… on the card of ${element.name}`
        : `write ${name}=… with a value about which the structure stays as it is`,
      ...(element.span ? { span: element.span } : {}),
    });
  }
  if (errors.length > 0) throw new InputError(errors);
}

/** A delay of an instance concerned. */
export interface ConcernedDelay {
  readonly of: Concerned;
  readonly row: number;
  readonly position: number;
  /** Among the delays of the template. */
  readonly delay: number;
}

/** Whether a wanted number of its instance says how long a delay is. */
function isMoved(found: ConcernedDelay | undefined): boolean {
  if (found === undefined) return false;
  const { of, row, delay } = found;
  const { template } = of.bound.group;
  const { raw } = of.loops;
  const by = template.derived[template.delays[delay].by];
  return [...of.seatAt].some(
    (seat) =>
      Math.floor(seat / raw.length) === row && mentions((name) => name === `p:${raw[seat % raw.length]}`)(by),
  );
}

/** By number of the delay in the system. */
function concernedDelays(
  bound: readonly BoundGroup[],
  byGroup: ReadonlyMap<number, Concerned>,
): (ConcernedDelay | undefined)[] {
  return bound.flatMap(({ group }, g) => {
    if (group.template.delays.length === 0) return [];
    const of = byGroup.get(g);
    return group.elements.flatMap((_, position) =>
      group.template.delays.map((_delay, delay) => {
        const row = of?.rowOf.get(position);
        return of === undefined || row === undefined ? undefined : { of, row, position, delay };
      }),
    );
  });
}
