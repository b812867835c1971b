// P R A Q = L U + F: everything one factorisation knows, as addresses in its own memory.
// Positions number pivots; a row's label is the position of the column whose diagonal it was meant to be.
import { int, setInt, take, takeInts } from './memory';
import { at } from './scalar';

export let n: i32 = 0;
export let nnz: i32 = 0;
/** Pattern of A, compressed columns. */
export let colPtr: usize = 0;
export let rowIdx: usize = 0;
/** Values of A; for complex ones all real parts, then all imaginary parts. */
export let values: usize = 0;
/** Right-hand side and solution. */
export let rhs: usize = 0;

/** position → original column. */
export let columnAt: usize = 0;
/** original row → label. */
export let labelOf: usize = 0;
/** label → original row. */
export let rowOfLabel: usize = 0;
/** first position of each diagonal block, and n. */
export let blockStart: usize = 0;
export let blocks: i32 = 0;

/** label → position, −1 while it is no pivot. */
export let positionOf: usize = 0;
/** position → original row. */
export let rowAt: usize = 0;
/** L and D make up for the scales themselves, F has none: right-hand sides are not scaled. */
export let folded: bool = false;
/** Power of two that scales the row that meets the place of a right-hand side; by label while pivots are sought. */
export let scaleAt: usize = 0;
/** Entries of A by position: off-block ones in [aPtr[k], aMid[k]), those of the block in [aMid[k], aPtr[k+1]). */
export let aPtr: usize = 0;
export let aMid: usize = 0;
export let aRow: usize = 0;
export let aSlot: usize = 0;
/** Off-block entries after scaling, indexed like aRow; before values are factored, C of the sum G + αC that they are. */
export let offBlock: usize = 0;
/** position → 1/u_kk. */
export let pivotInverse: usize = 0;
/** position → record of its column of L and U while these are being found, see RECORD. */
export let columns: usize = 0;
/** L by columns: entries of column k are [lPtr[k], lPtr[k+1]), rows ascending. */
export let lPtr: usize = 0;
export let lRow: usize = 0;
export let lValue: usize = 0;
/** 1 when column k + 1 of L has the rows of column k without the first, which is k + 1. */
export let twin: usize = 0;
/** U without its diagonal by rows: entries of row k are [uPtr[k], uPtr[k+1]), columns descending. */
export let uPtr: usize = 0;
export let uColumn: usize = 0;
export let uValue: usize = 0;
/** The pattern of U by columns, rows ascending, and where each entry stands among the rows. */
export let cPtr: usize = 0;
export let cRow: usize = 0;
export let cSlot: usize = 0;
/** position → twig of that column, see TWIG. */
export let twigs: usize = 0;
/** Block → its first run of columns of L, and of rows of U; and where the last run ends. */
export let lPlan: usize = 0;
export let uPlan: usize = 0;
/** Dense work column, zero between calls. */
export let work: usize = 0;
/** Room for right-hand side and solution by position. */
export let moved: usize = 0;
/** The vector that is substituted in, and position → index there; rows of L, U and A are such indices. */
export let x: usize = 0;
export let place: usize = 0;
/** Four integer work arrays of length n. */
export let mark: usize = 0;
export let stack: usize = 0;
export let cursor: usize = 0;
export let pattern: usize = 0;
/** Everything from here on may be laid down again. */
export let floor: usize = 0;

/** Bytes of a column's record: rows of U (address), count, values of U, rows of L, count, values of L. */
export const RECORD: usize = 24;
export const U_ROWS: usize = 0;
export const U_COUNT: usize = 4;
export const U_VALUES: usize = 8;
export const L_ROWS: usize = 12;
export const L_COUNT: usize = 16;
export const L_VALUES: usize = 20;

/**
 * Bytes of a twig: a column of L and a row of U of one entry each, which meet the same position, or none, and which only such
 * columns were added to, as in trees and chains. What they are made of: the numbers of the entries of A on the diagonal (−1: no
 * twig), below it and right of it; and the place of the diagonal that their product is taken from, its own where that is no
 * twig, −1 at a root.
 */
export const TWIG: usize = 16;
export const DIAGONAL: usize = 0;
export const BELOW: usize = 4;
export const RIGHT: usize = 8;
export const PARENT: usize = 12;

/** Lays out the fixed arrays; `scalar` is 8 for real and 16 for complex values. */
export function layOut(order: i32, entries: i32, scalar: i32): void {
  n = order;
  nnz = entries;
  const bytes = <usize>scalar;
  colPtr = takeInts(n + 1);
  rowIdx = takeInts(nnz);
  values = take(<usize>nnz * bytes);
  rhs = take(<usize>n * bytes);
  columnAt = takeInts(n);
  labelOf = takeInts(n);
  rowOfLabel = takeInts(n);
  blockStart = takeInts(n + 1);
  positionOf = takeInts(n);
  rowAt = takeInts(n);
  scaleAt = take(<usize>n << 3);
  aPtr = takeInts(n + 1);
  aMid = takeInts(n);
  aRow = takeInts(nnz);
  aSlot = takeInts(nnz);
  offBlock = take(<usize>nnz * bytes);
  pivotInverse = take(<usize>n * bytes);
  columns = take(<usize>n * RECORD);
  lPtr = takeInts(n + 1);
  uPtr = takeInts(n + 1);
  cPtr = takeInts(n + 1);
  twin = takeInts(n);
  twigs = take(<usize>n * TWIG);
  lPlan = takeInts(n + 1);
  uPlan = takeInts(n + 1);
  place = takeInts(n);
  work = take(<usize>n * bytes);
  moved = take(<usize>n * bytes);
  mark = takeInts(n);
  stack = takeInts(n);
  cursor = takeInts(n);
  pattern = takeInts(n);
  floor = take(0);
}

/** Substitutions happen in the right-hand side itself, in its own order, or moved to that of the positions. */
export function setPlaces(own: bool): void {
  x = own ? rhs : moved;
  for (let k = 0; k < n; k++) setInt(place, k, own ? int(columnAt, k) : k);
}

export function setFolded(fold: bool): void {
  folded = fold;
}

export function setBlocks(count: i32): void {
  blocks = count;
}

/** Where the factors begin; what stands there now is given up. */
export function placeFactors(at: usize, scalar: usize): usize {
  const nnzL = <usize>load<i32>(lPtr + (<usize>n << 2));
  const nnzU = <usize>load<i32>(uPtr + (<usize>n << 2));
  lValue = (at + 15) & ~15;
  uValue = (lValue + nnzL * scalar + 15) & ~15;
  lRow = uValue + nnzU * scalar;
  uColumn = lRow + (nnzL << 2);
  cRow = uColumn + (nnzU << 2);
  cSlot = cRow + (nnzU << 2);
  return cSlot + (nnzU << 2);
}

/** Value number p of A. */
@inline export function entry<T>(p: i32): T {
  if (sizeof<T>() == 8) return at<T>(values, p);
  else {
    const re = load<f64>(values + (<usize>p << 3));
    const im = load<f64>(values + (<usize>(p + nnz) << 3));
    return f64x2.replace_lane(f64x2.splat(re), 1, im);
  }
}
