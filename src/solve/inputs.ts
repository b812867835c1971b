// Everything given from outside at time t: sources, delayed signals, modes, written behind the unknowns of x.
import type { System } from '../circuit/system.js';
import type { Passage } from '../math/passage.js';
import { signalOf } from './history.js';

/** Values of delayed signals at t; the march keeps their past. */
export interface Past {
  /** Value of delay k's signal at time t − by. */
  value(k: number, t: number): number;
}

export interface Inputs {
  /** Present source values, one per source; sweeps write here. */
  readonly values: Float64Array;
  /** Present modes (0 or 1). */
  readonly modes: Float64Array;
  /** x[inputs] := values at time t (s). `left` > 0 reads them that much earlier, the limit from the left;
   * `left` < 0 later. */
  at(t: number, x: Float64Array, left: number): void;
  /** x[inputs] := DC: the sources' dc (or what was written to `values`), each delay equal to its signal. */
  steady(x: Float64Array): void;
  /** x[delay slots] := their signals at x. */
  settleDelays(x: Float64Array): void;
  /** xdot[inputs] := slopes just after t. */
  slopes(t: number, xdot: Float64Array): void;
  /** Flips every mode whose signal at x has crossed; returns how many flipped. */
  flip(x: Float64Array): number;
  /** Back to initial modes and DC values. */
  reset(): void;
  pass(passage: Passage): void;
  past: Past | undefined;
}

/** Corners are exact to so many units of the last place: what stays until one is not relied on that close to it. */
const NEAR = 64 * Number.EPSILON;

export function createInputs(system: System): Inputs {
  const { sources, delays, modes: modeList } = system;
  const values = new Float64Array(sources.length);
  const slopes = new Float64Array(sources.length);
  const modes = new Float64Array(modeList.length);
  const varying = Int32Array.from(sources.flatMap((s, k) => (s.varies ? [k] : [])));
  /** Values of varying sources that are known to stay from `since` to `until`, s. */
  const held = new Float64Array(varying.length);
  const since = new Float64Array(varying.length).fill(Infinity);
  const until = new Float64Array(varying.length);
  const valueAt = (k: number, t: number): number => {
    if (t >= since[k] && t < until[k]) return held[k];
    const source = sources[varying[k]];
    held[k] = source.value(t);
    since[k] = t;
    const corner = source.straight && source.slope(t) === 0 ? source.nextBreakpoint(t) : t;
    until[k] = corner < Infinity ? corner - NEAR * Math.abs(corner) : corner;
    return held[k];
  };
  const writeModes = (x: Float64Array) => {
    for (let k = 0; k < modeList.length; k++) x[modeList[k].slot] = modes[k];
  };
  const inputs: Inputs = {
    values,
    modes,
    past: undefined,
    at(t, x, left) {
      for (let k = 0; k < varying.length; k++) values[varying[k]] = valueAt(k, t - left);
      system.applySources(values, x);
      for (let k = 0; k < delays.length; k++)
        x[delays[k].slot] = inputs.past ? inputs.past.value(k, t - left) : 0;
      writeModes(x);
    },
    steady(x) {
      system.applySources(values, x);
      inputs.settleDelays(x);
      writeModes(x);
    },
    settleDelays(x) {
      for (const delay of delays) x[delay.slot] = signalOf(delay.signal, x);
    },
    slopes(t, xdot) {
      for (let k = 0; k < varying.length; k++) slopes[varying[k]] = sources[varying[k]].slope(t);
      system.applySources(slopes, xdot);
      for (const delay of delays) xdot[delay.slot] = 0;
      for (const mode of modeList) xdot[mode.slot] = 0;
      xdot[system.size - 2] = 0;
    },
    flip(x) {
      let flipped = 0;
      for (let k = 0; k < modeList.length; k++) {
        const m = modeList[k];
        const s = signalOf(m.signal, x);
        const now = s > m.on ? 1 : s < m.off ? 0 : modes[k];
        if (now !== modes[k]) {
          modes[k] = now;
          flipped++;
        }
      }
      return flipped;
    },
    reset() {
      sources.forEach((s, k) => {
        values[k] = s.dc;
      });
      modeList.forEach((m, k) => {
        modes[k] = m.initial;
      });
    },
    pass(passage) {
      for (const v of [values, modes, held, since, until]) passage.vector(v);
    },
  };
  inputs.reset();
  return inputs;
}
