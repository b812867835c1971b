// What the host may call: one sparse matrix per instance, real (scalar = 8 bytes) or complex (16); or the vectors of
// one march.
import { analyse, orderImproves, orderStands } from './analysis';
import { entriesL, entriesU, factor, growth, pivotRatio } from './factor';
import { refactor } from './refactor';
import { solve, solveTransposed } from './solve';
import { take } from './memory';
import {
  blocks, blockStart, columnAt, colPtr, layOut, offBlock, rhs, rowIdx, rowOfLabel, values,
} from './state';

export function create(order: i32, entries: i32, scalar: i32): void {
  layOut(order, entries, scalar);
}

export function addressOfColPtr(): usize { return colPtr; }
export function addressOfRowIdx(): usize { return rowIdx; }
export function addressOfValues(): usize { return values; }
export function addressOfRhs(): usize { return rhs; }
export function addressOfAddend(): usize { return offBlock; }

export function analyseReal(): i32 { return analyse<f64>(); }
export function analyseComplex(): i32 { return analyse<v128>(); }
export function orderStandsReal(): bool { return orderStands<f64>(); }
export function orderStandsComplex(): bool { return orderStands<v128>(); }
export function orderImprovesReal(): bool { return orderImproves<f64>(); }
export function orderImprovesComplex(): bool { return orderImproves<v128>(); }
export function addressOfColumnAt(): usize { return columnAt; }
export function addressOfRowOfLabel(): usize { return rowOfLabel; }
export function addressOfBlockStart(): usize { return blockStart; }
export function countBlocks(): i32 { return blocks; }
export function factorReal(tolerance: f64): i32 { return factor<f64>(tolerance); }
export function factorComplex(tolerance: f64): i32 { return factor<v128>(tolerance); }
export function refactorReal(): i32 { return refactor<f64>(); }
export function refactorComplex(): i32 { return refactor<v128>(); }
export function solveReal(): void { solve<f64>(); }
export function solveComplex(): void { solve<v128>(); }
export function solveTransposedReal(): void { solveTransposed<f64>(); }
export function solveTransposedComplex(): void { solveTransposed<v128>(); }
export function growthOfLast(): f64 { return growth; }
export function pivotRatioOfLast(): f64 { return pivotRatio; }
export function countL(): i32 { return entriesL; }
export function countU(): i32 { return entriesU; }

export { dominant, entriesByRow, mergeEntries } from './pattern';
export { areWith, joinAll } from './disjoint';
export { placeEntries, spreadEntries } from './placement';
export { filledRows, foldTerms } from './fold';
export { interpolate, interpolateBack } from './lagrange';
export { estimate, predict } from './predictor';
export { layRows, multiplyRows } from './rows';
export { addStraight } from './straight';
export {
  add, addMultiple, allow, combine, correct, distance, distanceOfAll, hold, rate, rates, remember, scales, update,
} from './vectors';

/** A block of `bytes` bytes, aligned to 16: all that a march needs, asked for once. */
export function reserve(bytes: i32): usize { return take(<usize>bytes); }
