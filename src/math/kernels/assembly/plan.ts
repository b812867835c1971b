// How a triangle is walked: its columns (of L) or rows (of U) as runs of one shape, which substitutions follow upwards
// and downwards. A path, each of whose entries waits for the one before, is walked beside another one that does not.
import { int, setInt, take, top } from './memory';
import { blocks, blockStart, place, x } from './state';

/** Shapes of a run: anything; one entry each; one each in equal steps; one each that is the next one's; two such paths. */
export const ANY: i32 = 0;
export const ONE: i32 = 1;
export const STEPS: i32 = 2;
export const PATH: i32 = 3;
export const PATHS: i32 = 4;
/** Shorter runs are dealt with as anything. */
const WORTHWHILE: i32 = 8;

/** Bytes of a run: its shape, first position, length, where its pointers begin (address), and all indices and values. */
export const RUN: usize = 48;
export const SHAPE: usize = 0;
export const FIRST: usize = 4;
export const COUNT: usize = 8;
export const POINTERS: usize = 12;
export const INDICES: usize = 16;
export const VALUES: usize = 20;
/** Of steps: the address of the first entry of x and of the one that it goes with, and the bytes from each to the next. */
export const FROM: usize = 24;
export const FROM_STEP: usize = 28;
export const TO: usize = 32;
export const TO_STEP: usize = 36;
/** Of two paths: where the other one begins. */
export const OTHER: usize = 24;
export const OTHER_POINTERS: usize = 28;

let ptr: usize = 0;
let index: usize = 0;
let values: usize = 0;

@inline function isSingle(k: i32): bool {
  return int(ptr, k + 1) == int(ptr, k) + 1;
}

/** Position of the one entry beside position k. */
@inline function target(k: i32): i32 {
  return int(index, int(ptr, k));
}

@inline function isStep(k: i32): bool {
  return isSingle(k) && target(k) != k + 1;
}

function emit(shape: i32, first: i32, end: i32): usize {
  const run = take(RUN);
  describe(run, shape, first, end - first);
  return run;
}

function describe(run: usize, shape: i32, first: i32, count: i32): void {
  store<i32>(run, shape, SHAPE);
  store<i32>(run, first, FIRST);
  store<i32>(run, count, COUNT);
  store<usize>(run, ptr + (<usize>first << 2), POINTERS);
  store<usize>(run, index, INDICES);
  store<usize>(run, values, VALUES);
}

/** Runs of one entry each, and the rest. */
function emitOthers(from: i32, end: i32): void {
  for (let k = from; k < end; ) {
    let stop = k;
    while (stop < end && isSingle(stop)) stop++;
    if (stop - k >= WORTHWHILE) {
      if (from < k) emit(ANY, from, k);
      emit(ONE, k, stop);
      from = stop;
    }
    k = stop + 1;
  }
  if (from < end) emit(ANY, from, end);
}

function pathEnd(k: i32, stop: i32): i32 {
  while (k < stop && isSingle(k) && target(k) == k + 1) k++;
  return k;
}

function stepsEnd(k: i32, stop: i32): i32 {
  if (k + 1 >= stop || !isStep(k) || !isStep(k + 1)) return k;
  const by = int(place, k + 1) - int(place, k);
  const toBy = int(place, target(k + 1)) - int(place, target(k));
  k += 2;
  while (
    k < stop && isStep(k) && int(place, k) - int(place, k - 1) == by &&
    int(place, target(k)) - int(place, target(k - 1)) == toBy
  ) k++;
  return k;
}

function emitSteps(scalar: i32, k: i32, end: i32): void {
  const run = emit(STEPS, k, end);
  const from = int(place, k);
  const to = int(place, target(k));
  store<i32>(run, <i32>x + from * scalar, FROM);
  store<i32>(run, (int(place, k + 1) - from) * scalar, FROM_STEP);
  store<i32>(run, <i32>x + to * scalar, TO);
  store<i32>(run, (int(place, target(k + 1)) - to) * scalar, TO_STEP);
}

/** Do all entries beside the positions from `from` to `end` − 1 stand at `beyond` or later? */
function standBeyond(from: i32, end: i32, beyond: i32): bool {
  for (let p = int(ptr, from); p < int(ptr, end); p++) if (int(index, p) < beyond) return false;
  return true;
}

/** A path is joined with the one before the last run where neither that run nor that path wait for it. */
function emitPath(block: usize, k: i32, end: i32): void {
  const between = top - RUN;
  const before = between - RUN;
  const first = load<i32>(before, FIRST);
  const middle = load<i32>(between, FIRST);
  if (
    before < block || load<i32>(before, SHAPE) != PATH || load<i32>(between, SHAPE) != ANY ||
    !standBeyond(middle, k, end)
  ) {
    emit(PATH, k, end);
    return;
  }
  const longer = middle - first - (end - k);
  const shared = min(middle - first, end - k);
  let run = before;
  if (longer != 0) {
    describe(run, PATH, longer > 0 ? first : k, abs(longer));
    run += RUN;
    take(RUN);
  }
  describe(run, PATHS, middle - shared, shared);
  store<i32>(run, end - shared, OTHER);
  store<usize>(run, ptr + (<usize>(end - shared) << 2), OTHER_POINTERS);
  describe(run + RUN, ANY, middle, k - middle);
}

/** plan[b] … plan[b + 1] := the runs of block b of a triangle whose indices are positions. */
export function layPlan(pointers: usize, indices: usize, entries: usize, scalar: i32, plan: usize): void {
  ptr = pointers;
  index = indices;
  values = entries;
  setInt(plan, 0, <i32>take(0));
  for (let b = 0; b < blocks; b++) {
    const begin = int(blockStart, b);
    const stop = int(blockStart, b + 1);
    const block = <usize>int(plan, b);
    let from = begin;
    for (let k = begin; k < stop && stop - begin > 1; ) {
      const path = pathEnd(k, stop);
      const end = path - k >= WORTHWHILE ? path : stepsEnd(k, stop);
      if (end - k < WORTHWHILE) {
        k++;
        continue;
      }
      emitOthers(from, k);
      if (end == path) emitPath(block, k, end);
      else emitSteps(scalar, k, end);
      from = k = end;
    }
    if (stop - begin > 1) emitOthers(from, stop);
    setInt(plan, b + 1, <i32>top);
  }
}
