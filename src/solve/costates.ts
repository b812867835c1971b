// What later relations and the cost ask of a point: of its x, and, as sums of shares of their λ, of its charges and
// currents.
import { addScaled, clear, scale } from '../math/loops.js';
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

/** Σ share·λ over the first `count`; short vectors are summed at once. */
export interface Shares {
  count: number;
  readonly of: Costate[];
  readonly share: number[];
  readonly sum: Float64Array;
}

/** What is asked of one point. */
export interface Claim {
  /** −1 when nothing is. */
  place: number;
  /** Of its x, length size; left with zeros. */
  readonly x: Float64Array;
  readonly charge: Shares;
  readonly current: Shares;
}

export interface Costates {
  /** A costate with anything in λ, to be filled. */
  take(): Costate;
  /** Gives back a costate that nobody is owed. */
  settle(costate: Costate): void;
  owe(to: Shares, costate: Costate, share: number): void;
  /** Owes this share of the sum, too. */
  pass(sum: Shares, to: Shares, share: number): void;
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
}

/** Entries up to which a sum is made as it grows. */
const FEW = 16;

export function createClaims(reach: number, n: number, size: number): ClaimsByPlace {
  const depth = 2 ** Math.ceil(Math.log2(reach + 1));
  const noShares = (): Shares => ({
    count: 0,
    of: [],
    share: [],
    sum: new Float64Array(n <= FEW ? n : 0),
  });
  const ring = Array.from(
    { length: depth },
    (): Claim => ({ place: -1, x: new Float64Array(size), charge: noShares(), current: noShares() }),
  );
  return {
    has: (place) => ring[place & (depth - 1)].place === place,
    at(place) {
      const claim = ring[place & (depth - 1)];
      claim.place = place;
      return claim;
    },
  };
}

/** @param depth most vectors that the arena combines at once */
export function createCostates(arena: Arena, n: number, depth: number): Costates {
  return n <= FEW ? summedAtOnce(arena, n) : keptApart(arena, n, depth);
}

const fromArena = (arena: Arena, n: number): Costate => {
  const wide = arena.vector();
  return { wide, lambda: wide.subarray(0, n), owed: 0 };
};

/** One λ at a time. */
function summedAtOnce(arena: Arena, n: number): Costates {
  const only = fromArena(arena, n);
  const add = (to: Shares, share: number, v: Float64Array): void => {
    to.count++;
    addScaled(to.sum, share, v, n);
  };
  const forget = (shares: Shares): void => {
    if (shares.count > 0) clear(shares.sum, n);
    shares.count = 0;
  };
  return {
    take: () => only,
    settle: () => {},
    owe: (to, { lambda }, share) => add(to, share, lambda),
    pass: ({ sum }, to, share) => add(to, share, sum),
    gather: ({ sum }, out) => scale(out, 1, sum, n),
    pay(claim) {
      forget(claim.charge);
      forget(claim.current);
      claim.place = -1;
    },
  };
}

/** Every λ is kept for as long as an earlier point still asks for it. */
function keptApart(arena: Arena, n: number, depth: number): Costates {
  const free: Costate[] = [];
  const settle = (costate: Costate): void => {
    if (costate.owed === 0) free.push(costate);
  };
  const owe = (to: Shares, costate: Costate, share: number): void => {
    costate.owed++;
    to.of[to.count] = costate;
    to.share[to.count] = share;
    to.count++;
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
    take: () => free.pop() ?? fromArena(arena, n),
    settle,
    owe,
    pass({ count, of, share }, to, factor) {
      for (let j = 0; j < count; j++) owe(to, of[j], factor * share[j]);
    },
    gather({ count, of, share }, out) {
      const m = Math.min(count, depth);
      if (m === 0) clear(out, out.length);
      for (let j = 0; j < m; j++) {
        arena.setPoint(j, of[j].wide);
        arena.a[j] = share[j];
      }
      if (m > 0) arena.combine(m, out);
      for (let j = m; j < count; j++) addScaled(out, share[j], of[j].lambda, n);
    },
    pay(claim) {
      payOff(claim.charge);
      payOff(claim.current);
      claim.place = -1;
    },
  };
}
