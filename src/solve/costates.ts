// What later relations ask of the charges and currents of a point: sums of shares of their λ. Every λ is kept for as
// long as an earlier point still asks for it.
import type { Arena } from '../math/vectors.js';

/** λ of one relation. */
export interface Costate {
  /** A vector of the arena; 0 beyond the unknowns. */
  readonly wide: Float64Array;
  /** Its first n entries. */
  readonly lambda: Float64Array;
  /** Shares of it that are still to be gathered. */
  owed: number;
}

/** Σ share·λ. */
export interface Shares {
  readonly of: Costate[];
  readonly share: number[];
}

export interface Costates {
  /** A costate with anything in λ, to be filled. */
  take(): Costate;
  /** Gives back a costate that nobody is owed. */
  settle(costate: Costate): void;
  owe(to: Shares, costate: Costate, share: number): void;
  /** out := the sum, a vector of the arena. */
  gather(shares: Shares, out: Float64Array): void;
  /** Pays the shares off. */
  pay(shares: Shares): void;
}

export const noShares = (): Shares => ({ of: [], share: [] });

/** @param depth most vectors that the arena combines at once */
export function createCostates(arena: Arena, n: number, depth: number): Costates {
  const free: Costate[] = [];
  const settle = (costate: Costate): void => {
    if (costate.owed === 0) free.push(costate);
  };
  return {
    take() {
      const known = free.pop();
      if (known) return known;
      const wide = arena.vector();
      return { wide, lambda: wide.subarray(0, n), owed: 0 };
    },
    settle,
    owe({ of, share }, costate, factor) {
      costate.owed++;
      of.push(costate);
      share.push(factor);
    },
    gather({ of, share }, out) {
      const m = Math.min(of.length, depth);
      if (m === 0) out.fill(0);
      for (let j = 0; j < m; j++) {
        arena.setPoint(j, of[j].wide);
        arena.a[j] = share[j];
      }
      if (m > 0) arena.combine(m, out);
      for (let j = m; j < of.length; j++) {
        const { lambda } = of[j];
        for (let i = 0; i < n; i++) out[i] += share[j] * lambda[i];
      }
    },
    pay({ of }) {
      for (const costate of of) {
        costate.owed--;
        settle(costate);
      }
    },
  };
}
