// What a rule takes of one row of a chip for all its costs: gradients of several kinds add, and so does the bill.
import { blankBill } from './apparatus.js';
import { atRest } from './at-rest.js';
import { inResponse } from './in-response.js';
import { inTime } from './in-time.js';
import type { CostKind } from './kinds.js';
import { sum } from './laws/law.js';
import type { Stand, Taken } from './stand.js';

const STANDS: Readonly<Record<CostKind, (stand: Stand, weights: Float64Array | undefined) => Taken>> = {
  op: atRest,
  tran: inTime,
  ac: inResponse,
};

/** @param weights S of the design, for costs at rest */
export function take(stand: Stand, kinds: readonly CostKind[], weights: Float64Array | undefined): Taken {
  const taken = kinds.map((kind) => STANDS[kind](stand, weights));
  const bill = blankBill();
  for (const { bill: one } of taken) {
    bill.phases += one.phases;
    bill.seconds += one.seconds;
    bill.joules += one.joules;
    bill.residual = Math.max(bill.residual, one.residual);
  }
  const gradients = taken.map(({ gradient }) => gradient);
  return { gradient: sum(gradients, gradients[0].length), bill };
}
