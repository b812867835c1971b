// The constant G and C as rows over the pair [x | ẋ], which stand side by side: f := G·x + C·ẋ. Neighbouring rows whose
// columns move along with them or stand still are one stencil, four rows at a time, and where these are all the same, of
// one set of values; the others are sorted by their number of entries.
import { int } from './memory';

/** Longest row with a loop of its own. */
const LONGEST: i32 = 6;
/** Shorter stencils are not worth it. */
const WORTHWHILE: i32 = 8;
/**
 * Bytes of what is said of a run: entries in a row, rows, where these are listed (0: a stencil), offsets, values, and of a
 * stencil the first row and the bytes from an entry's values to the next entry's.
 */
const RUN: usize = 28;
/** Rows at a time, and the bytes of as many numbers: the pitch when all rows have the same values. */
const STRIDE: i32 = 4;
const SAME: usize = 32;

/** f[r] := Σ v·x[o], row by row. */
@inline function scattered(m: i32, count: i32, rows: usize, offsets: usize, values: usize, x: usize, f: usize): void {
  const end = rows + (<usize>count << 2);
  for (; rows < end; rows += 4) {
    let sum = load<f64>(values) * load<f64>(x + load<u32>(offsets));
    if (m > 1) sum += load<f64>(values, 8) * load<f64>(x + load<u32>(offsets, 4));
    if (m > 2) sum += load<f64>(values, 16) * load<f64>(x + load<u32>(offsets, 8));
    if (m > 3) sum += load<f64>(values, 24) * load<f64>(x + load<u32>(offsets, 12));
    if (m > 4) sum += load<f64>(values, 32) * load<f64>(x + load<u32>(offsets, 16));
    if (m > 5) sum += load<f64>(values, 40) * load<f64>(x + load<u32>(offsets, 20));
    store<f64>(f + load<u32>(rows), sum);
    values += <usize>m << 3;
    offsets += <usize>m << 2;
  }
}

/** The same for rows of any length, which follows the row. */
function scatteredAny(count: i32, rows: usize, offsets: usize, values: usize, x: usize, f: usize): void {
  for (let r = 0; r < count; r++, rows += 8) {
    let sum: f64 = 0;
    for (let j = load<i32>(rows, 4); j > 0; j--) {
      sum += load<f64>(values) * load<f64>(x + load<u32>(offsets));
      values += 8;
      offsets += 4;
    }
    store<f64>(f + load<u32>(rows), sum);
  }
}

/**
 * Where the j-th entry of a stencil is read in the first row. One that stands still is spread over as many numbers as are
 * read at a time, at a place of its own.
 */
@inline function origin(j: i32, offsets: usize, x: usize): usize {
  const from = x + load<u32>(offsets + (<usize>j << 3));
  const place = <usize>load<u32>(offsets + (<usize>j << 3), 4);
  if (place == 0) return from;
  const still = v128.load64_splat(from);
  v128.store(place, still);
  v128.store(place, still, 16);
  return place;
}

/** All ones for an entry that moves along, else 0. */
@inline function moving(j: i32, offsets: usize): usize {
  return load<u32>(offsets + (<usize>j << 3), 4) == 0 ? usize.MAX_VALUE : 0;
}

/**
 * f[first + t] := Σ_j v_j[t]·x[o_j + t], or x[o_j] where it stands still; v_j are `pitch` bytes apart, and the same for all
 * rows where that is the least.
 */
@inline function stencil(m: i32, count: i32, pitch: usize, offsets: usize, values: usize, x: usize, f: usize): void {
  const o0 = origin(0, offsets, x);
  const o1 = m > 1 ? origin(1, offsets, x) : 0;
  const o2 = m > 2 ? origin(2, offsets, x) : 0;
  const o3 = m > 3 ? origin(3, offsets, x) : 0;
  const o4 = m > 4 ? origin(4, offsets, x) : 0;
  const o5 = m > 5 ? origin(5, offsets, x) : 0;
  const m0 = moving(0, offsets);
  const m1 = m > 1 ? moving(1, offsets) : 0;
  const m2 = m > 2 ? moving(2, offsets) : 0;
  const m3 = m > 3 ? moving(3, offsets) : 0;
  const m4 = m > 4 ? moving(4, offsets) : 0;
  const m5 = m > 5 ? moving(5, offsets) : 0;
  const v1 = pitch;
  const v2 = 2 * pitch;
  const v3 = 3 * pitch;
  const v4 = 4 * pitch;
  const v5 = 5 * pitch;
  const step = pitch == SAME ? 0 : SAME;
  const end = <usize>count << 3;
  const fours = end & ~31;
  let v = values;
  let t: usize = 0;
  for (; t < fours; t += 32, v += step) {
    let o = o0 + (t & m0);
    let sum = f64x2.mul(v128.load(v), v128.load(o));
    let next = f64x2.mul(v128.load(v, 16), v128.load(o, 16));
    let w: usize = 0;
    if (m > 1) {
      o = o1 + (t & m1);
      w = v + v1;
      sum = f64x2.add(sum, f64x2.mul(v128.load(w), v128.load(o)));
      next = f64x2.add(next, f64x2.mul(v128.load(w, 16), v128.load(o, 16)));
    }
    if (m > 2) {
      o = o2 + (t & m2);
      w = v + v2;
      sum = f64x2.add(sum, f64x2.mul(v128.load(w), v128.load(o)));
      next = f64x2.add(next, f64x2.mul(v128.load(w, 16), v128.load(o, 16)));
    }
    if (m > 3) {
      o = o3 + (t & m3);
      w = v + v3;
      sum = f64x2.add(sum, f64x2.mul(v128.load(w), v128.load(o)));
      next = f64x2.add(next, f64x2.mul(v128.load(w, 16), v128.load(o, 16)));
    }
    if (m > 4) {
      o = o4 + (t & m4);
      w = v + v4;
      sum = f64x2.add(sum, f64x2.mul(v128.load(w), v128.load(o)));
      next = f64x2.add(next, f64x2.mul(v128.load(w, 16), v128.load(o, 16)));
    }
    if (m > 5) {
      o = o5 + (t & m5);
      w = v + v5;
      sum = f64x2.add(sum, f64x2.mul(v128.load(w), v128.load(o)));
      next = f64x2.add(next, f64x2.mul(v128.load(w, 16), v128.load(o, 16)));
    }
    v128.store(f + t, sum);
    v128.store(f + t, next, 16);
  }
  for (; t < end; t += 8, v += 8) {
    let sum = load<f64>(v) * load<f64>(o0 + (t & m0));
    if (m > 1) sum += load<f64>(v + v1) * load<f64>(o1 + (t & m1));
    if (m > 2) sum += load<f64>(v + v2) * load<f64>(o2 + (t & m2));
    if (m > 3) sum += load<f64>(v + v3) * load<f64>(o3 + (t & m3));
    if (m > 4) sum += load<f64>(v + v4) * load<f64>(o4 + (t & m4));
    if (m > 5) sum += load<f64>(v + v5) * load<f64>(o5 + (t & m5));
    store<f64>(f + t, sum);
  }
}

function scattered1(c: i32, r: usize, o: usize, v: usize, x: usize, f: usize): void { scattered(1, c, r, o, v, x, f); }
function scattered2(c: i32, r: usize, o: usize, v: usize, x: usize, f: usize): void { scattered(2, c, r, o, v, x, f); }
function scattered3(c: i32, r: usize, o: usize, v: usize, x: usize, f: usize): void { scattered(3, c, r, o, v, x, f); }
function scattered4(c: i32, r: usize, o: usize, v: usize, x: usize, f: usize): void { scattered(4, c, r, o, v, x, f); }
function scattered5(c: i32, r: usize, o: usize, v: usize, x: usize, f: usize): void { scattered(5, c, r, o, v, x, f); }
function scattered6(c: i32, r: usize, o: usize, v: usize, x: usize, f: usize): void { scattered(6, c, r, o, v, x, f); }
function stencil1(c: i32, p: usize, o: usize, v: usize, x: usize, f: usize): void { stencil(1, c, p, o, v, x, f); }
function stencil2(c: i32, p: usize, o: usize, v: usize, x: usize, f: usize): void { stencil(2, c, p, o, v, x, f); }
function stencil3(c: i32, p: usize, o: usize, v: usize, x: usize, f: usize): void { stencil(3, c, p, o, v, x, f); }
function stencil4(c: i32, p: usize, o: usize, v: usize, x: usize, f: usize): void { stencil(4, c, p, o, v, x, f); }
function stencil5(c: i32, p: usize, o: usize, v: usize, x: usize, f: usize): void { stencil(5, c, p, o, v, x, f); }
function stencil6(c: i32, p: usize, o: usize, v: usize, x: usize, f: usize): void { stencil(6, c, p, o, v, x, f); }

/** Loops as values stay functions of their own: see straight.ts. */
@inline function scatteredOf(m: i32): (count: i32, rows: usize, offsets: usize, values: usize, x: usize, f: usize) => void {
  switch (m) {
    case 1: return scattered1;
    case 2: return scattered2;
    case 3: return scattered3;
    case 4: return scattered4;
    case 5: return scattered5;
    case 6: return scattered6;
    default: return scatteredAny;
  }
}

@inline function stencilOf(m: i32): (count: i32, pitch: usize, offsets: usize, values: usize, x: usize, f: usize) => void {
  switch (m) {
    case 1: return stencil1;
    case 2: return stencil2;
    case 3: return stencil3;
    case 4: return stencil4;
    case 5: return stencil5;
    default: return stencil6;
  }
}

/** f := G·x + C·ẋ in the rows laid down at `runs`. */
export function multiplyRows(runs: usize, x: usize, f: usize): void {
  const end = <usize>load<u32>(runs);
  for (let run = runs + 16; run < end; run += RUN) {
    const m = load<i32>(run);
    const count = load<i32>(run, 4);
    const rows = <usize>load<u32>(run, 8);
    const offsets = <usize>load<u32>(run, 12);
    const values = <usize>load<u32>(run, 16);
    if (count == 0) continue;
    if (rows == 0) {
      const loop = stencilOf(m);
      loop(count, <usize>load<u32>(run, 24), offsets, values, x, f + load<u32>(run, 20));
    } else {
      const loop = scatteredOf(m);
      loop(count, rows, offsets, values, x, f);
    }
  }
}

let startG: usize = 0;
let columnG: usize = 0;
let valueG: usize = 0;
let startC: usize = 0;
let columnC: usize = 0;
let valueC: usize = 0;
let stride: i32 = 0;
let top: usize = 0;
let lists: usize = 0;

@inline function lengthOf(r: i32): i32 {
  return int(startG, r + 1) - int(startG, r) + int(startC, r + 1) - int(startC, r);
}

/** Writes the offsets of row r in the pair. */
@inline function layOffsets(r: i32, to: usize): usize {
  for (let k = int(startG, r); k < int(startG, r + 1); k++, to += 4) store<i32>(to, int(columnG, k) << 3);
  for (let k = int(startC, r); k < int(startC, r + 1); k++, to += 4) store<i32>(to, stride + (int(columnC, k) << 3));
  return to;
}

/** Writes the values of row r, `pitch` bytes apart. */
@inline function layValues(r: i32, to: usize, pitch: usize): usize {
  for (let k = int(startG, r); k < int(startG, r + 1); k++, to += pitch) store<f64>(to, load<f64>(valueG + (<usize>k << 3)));
  for (let k = int(startC, r); k < int(startC, r + 1); k++, to += pitch) store<f64>(to, load<f64>(valueC + (<usize>k << 3)));
  return to;
}

/** By how much the column of entry k moves from its row, which has as many entries as the next, to that. */
@inline function motion(column: usize, k: i32, count: i32): i32 {
  return int(column, k + count) - int(column, k);
}

/** Whether columns move from row r to the next as from row `first` to its next, where each moves by one or not at all. */
@inline function movesAlong(start: usize, column: usize, r: i32, first: i32): bool {
  const from = int(start, r);
  const count = int(start, r + 1) - from;
  if (int(start, r + 2) - int(start, r + 1) != count) return false;
  for (let t = 0; t < count; t++) {
    const moved = motion(column, from + t, count);
    if ((moved & ~1) != 0 || moved != motion(column, int(start, first) + t, count)) return false;
  }
  return true;
}

/** How many rows from r on are one stencil. */
function stencilFrom(r: i32, n: i32): i32 {
  const m = lengthOf(r);
  if (m == 0 || m > LONGEST) return 1;
  let end = r + 1;
  while (end < n && movesAlong(startG, columnG, end - 1, r) && movesAlong(startC, columnC, end - 1, r)) end++;
  return end - r;
}

/** What is said of the rows of m entries that are no stencil; of those longer than the longest: 0. */
@inline function listOf(m: i32): usize {
  return lists + RUN * <usize>(m > LONGEST ? 0 : m);
}

@inline function advance(list: usize, field: usize, bytes: usize): void {
  store<u32>(list + field, load<u32>(list + field) + <u32>bytes);
}

function laid(bytes: usize): usize {
  const at = (top + 15) & ~15;
  top = at + bytes;
  return at;
}

/** Whether rows r and r + 1, of one stencil, have the same values. */
@inline function sameValues(start: usize, value: usize, r: i32): bool {
  const from = int(start, r);
  const count = int(start, r + 1) - from;
  for (let k = from; k < from + count; k++) {
    if (load<f64>(value + (<usize>k << 3)) != load<f64>(value + (<usize>(k + count) << 3))) return false;
  }
  return true;
}

/** Writes the offset of each entry of row r, and where it is spread or 0 when it moves along. */
function layOrigins(start: usize, column: usize, r: i32, first: i32, to: usize): usize {
  const count = int(start, r + 1) - int(start, r);
  for (let k = int(start, r); k < int(start, r + 1); k++, to += 8) {
    store<i32>(to, first + (int(column, k) << 3));
    store<u32>(to, motion(column, k, count) == 0 ? <u32>laid(SAME) : 0, 4);
  }
  return to;
}

function layStencil(run: usize, r: i32, count: i32): void {
  const m = lengthOf(r);
  let same = r + 1;
  while (same < r + count && sameValues(startG, valueG, same - 1) && sameValues(startC, valueC, same - 1)) same++;
  const laidDown = same < r + count ? count : STRIDE;
  const pitch = <usize>laidDown << 3;
  const values = laid(pitch * <usize>m);
  const offsets = laid(<usize>m << 3);
  store<i32>(run, m);
  store<i32>(run, count, 4);
  store<u32>(run, 0, 8);
  store<u32>(run, <u32>offsets, 12);
  store<u32>(run, <u32>values, 16);
  store<i32>(run, r << 3, 20);
  store<u32>(run, <u32>pitch, 24);
  const lastOfG = layOrigins(startG, columnG, r, 0, offsets);
  layOrigins(startC, columnC, r, stride, lastOfG);
  for (let t = 0; t < laidDown; t++) layValues(r + t, values + (<usize>t << 3), pitch);
}

/** Lays G and C, in compressed rows, down at `at`, in at most 1024 + 17 bytes a row + 12 an entry; ẋ stands `distance` bytes after x. */
export function layRows(
  n: i32, sG: usize, cG: usize, vG: usize, sC: usize, cC: usize, vC: usize, distance: i32, at: usize,
): void {
  startG = sG;
  columnG = cG;
  valueG = vG;
  startC = sC;
  columnC = cC;
  valueC = vC;
  stride = distance;
  lists = at + 16;
  let end = lists + RUN * <usize>(LONGEST + 1);
  top = end + RUN * <usize>(n / WORTHWHILE);
  memory.fill(lists, 0, RUN * <usize>(LONGEST + 1));
  for (let r = 0; r < n;) {
    const count = stencilFrom(r, n);
    if (count >= WORTHWHILE) {
      layStencil(end, r, count);
      end += RUN;
    } else {
      const m = lengthOf(r);
      advance(listOf(m), 4, count);
      advance(listOf(m), 20, count * m);
    }
    r += count;
  }
  store<u32>(at, <u32>end);
  for (let m = 0; m <= LONGEST; m++) {
    const list = listOf(m > 0 ? m : LONGEST + 1);
    const entries = <usize>load<u32>(list, 20);
    store<i32>(list, m);
    store<u32>(list, <u32>laid(<usize>load<u32>(list, 4) << (m > 0 ? 2 : 3)), 8);
    store<u32>(list, <u32>laid(entries << 2), 12);
    store<u32>(list, <u32>laid(entries << 3), 16);
  }
  for (let r = 0; r < n;) {
    const count = stencilFrom(r, n);
    for (let t = count < WORTHWHILE ? 0 : count; t < count; t++) {
      const m = lengthOf(r + t);
      const list = listOf(m);
      const row = <usize>load<u32>(list, 8);
      store<i32>(row, (r + t) << 3);
      if (m > LONGEST || m == 0) store<i32>(row, m, 4);
      advance(list, 8, m > LONGEST || m == 0 ? 8 : 4);
      layOffsets(r + t, <usize>load<u32>(list, 12));
      layValues(r + t, <usize>load<u32>(list, 16), 8);
      advance(list, 12, <usize>m << 2);
      advance(list, 16, <usize>m << 3);
    }
    r += count;
  }
  for (let m = 0; m <= LONGEST; m++) {
    const list = listOf(m > 0 ? m : LONGEST + 1);
    const entries = <usize>load<u32>(list, 20);
    advance(list, 8, 0 - (<usize>load<u32>(list, 4) << (m > 0 ? 2 : 3)));
    advance(list, 12, 0 - (entries << 2));
    advance(list, 16, 0 - (entries << 3));
  }
}
