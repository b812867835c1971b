// What later relations and the cost ask of a point: of its x, and, as sums of shares of their λ, of its charges and
// currents. Every λ is kept for as long as an earlier point still asks for it.
import { clear } from '../math/loops.js';
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

/** Σ share·λ over the first `count`. */
export interface Shares {
  count: number;
  readonly of: Costate[];
  readonly share: number[];
}

/** What is asked of one point. */
export interface Claim {
  /** −1 when nothing is. */
  place: number;
  /** Of its x, length size: zero but for the first `asked` of `entries`, which `isAsked` marks. */
  readonly x: Float64Array;
  readonly entries: Int32Array;
  readonly isAsked: Uint8Array;
  asked: number;
  readonly charge: Shares;
  readonly current: Shares;
}

export interface Costates {
  /** A costate with anything in λ, to be filled. */
  take(): Costate;
  /** Gives back a costate that nobody is owed. */
  settle(costate: Costate): void;
  owe(to: Shares, costate: Costate, share: number): void;
  /** out := the sum, a vector of the arena. */
  gather(shares: Shares, out: Float64Array): void;
  /** Pays all shares of a claim off: nothing is asked any more. */
  pay(claim: Claim): void;
}

/** The claims on points by place; those on `reach` + 1 places in a row are kept apart. */
export interface ClaimsByPlace {
  /** Whether anything is asked of the point. */
  has(place: number): boolean;
  at(place: number): Claim;
  /** Asks more of entry i of the point's x. */
  ask(place: number, i: number, value: number): void;
}

export function createClaims(reach: number, size: number): ClaimsByPlace {
  const depth = 2 ** Math.ceil(Math.log2(reach + 1));
  const noShares = (): Shares => ({ count: 0, of: [], share: [] });
  const ring = Array.from(
    { length: depth },
    (): Claim => ({
      place: -1,
      x: new Float64Array(size),
      entries: new Int32Array(size),
      isAsked: new Uint8Array(size),
      asked: 0,
      charge: noShares(),
      current: noShares(),
    }),
  );
  const at = (place: number): Claim => {
    const claim = ring[place & (depth - 1)];
    claim.place = place;
    return claim;
  };
  return {
    has: (place) => ring[place & (depth - 1)].place === place,
    at,
    ask(place, i, value) {
      const claim = at(place);
      claim.x[i] += value;
      if (claim.isAsked[i]) return;
      claim.isAsked[i] = 1;
      claim.entries[claim.asked++] = i;
    },
  };
}

/** Entries up to which a sum is sooner made than asked of a kernel. */
const FEW = 8;

/** @param depth most vectors that the arena combines at once */
export function createCostates(arena: Arena, n: number, depth: number): Costates {
  const free: Costate[] = [];
  const settle = (costate: Costate): void => {
    if (costate.owed === 0) free.push(costate);
  };
  const payOff = (shares: Shares): void => {
    for (let j = 0; j < shares.count; j++) {
      const costate = shares.of[j];
      costate.owed--;
      settle(costate);
    }
    shares.count = 0;
  };
  return {
    take() {
      const known = free.pop();
      if (known) return known;
      const wide = arena.vector();
      return { wide, lambda: wide.subarray(0, n), owed: 0 };
    },
    settle,
    owe(to, costate, factor) {
      costate.owed++;
      to.of[to.count] = costate;
      to.share[to.count] = factor;
      to.count++;
    },
    gather({ count, of, share }, out) {
      const m = n <= FEW ? 0 : Math.min(count, depth);
      if (m === 0) clear(out, n <= FEW ? n : out.length);
      for (let j = 0; j < m; j++) {
        arena.setPoint(j, of[j].wide);
        arena.a[j] = share[j];
      }
      if (m > 0) arena.combine(m, out);
      for (let j = m; j < count; j++) {
        const { lambda } = of[j];
        for (let i = 0; i < n; i++) out[i] += share[j] * lambda[i];
      }
    },
    pay(claim) {
      payOff(claim.charge);
      payOff(claim.current);
      for (let k = 0; k < claim.asked; k++) {
        const i = claim.entries[k];
        claim.x[i] = 0;
        claim.isAsked[i] = 0;
      }
      claim.asked = 0;
      claim.place = -1;
    },
  };
}
