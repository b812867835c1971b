// What the host may call: one sparse matrix per instance, real (scalar = 8 bytes) or complex (16).
import { entriesL, entriesU, factor, growth, pivotRatio } from './factor';
import { setInt } from './memory';
import { refactor } from './refactor';
import { solve, solveTransposed } from './solve';
import { blockStart, columnAt, colPtr, labelOf, layOut, n, rhs, rowIdx, rowOfLabel, setBlocks, values } from './state';

export function create(order: i32, entries: i32, scalar: i32): void {
  layOut(order, entries, scalar);
}

export function addressOfColPtr(): usize { return colPtr; }
export function addressOfRowIdx(): usize { return rowIdx; }
export function addressOfValues(): usize { return values; }
export function addressOfRhs(): usize { return rhs; }

export function analyse(): i32 {
  for (let k = 0; k < n; k++) {
    setInt(columnAt, k, k);
    setInt(labelOf, k, k);
    setInt(rowOfLabel, k, k);
  }
  setInt(blockStart, 0, 0);
  setInt(blockStart, 1, n);
  setBlocks(n > 0 ? 1 : 0);
  return 0;
}

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
