// How a triangle is walked: its columns (of L) or rows (of U) as runs of one shape, which substitutions follow upwards
// and downwards.
import { int, setInt, take, top } from './memory';
import { blocks, blockStart, place, x } from './state';

/** Shapes of a run: anything; one entry each; one each, of the next position, or the next but one; in equal steps. */
export const ANY: i32 = 0;
export const ONE: i32 = 1;
export const PATH: i32 = 2;
export const PATHS: i32 = 3;
export const STEPS: i32 = 4;
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

function emit(shape: i32, first: i32, end: i32): usize {
  const run = take(RUN);
  store<i32>(run, shape, SHAPE);
  store<i32>(run, first, FIRST);
  store<i32>(run, end - first, COUNT);
  store<usize>(run, ptr + (<usize>first << 2), POINTERS);
  store<usize>(run, index, INDICES);
  store<usize>(run, values, VALUES);
  return run;
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

function pathEnd(k: i32, stop: i32, ahead: i32): i32 {
  while (k < stop && isSingle(k) && target(k) == k + ahead) k++;
  return k;
}

@inline function by(k: i32): i32 {
  return int(place, k) - int(place, k - 1);
}

@inline function targetBy(k: i32): i32 {
  return int(place, target(k)) - int(place, target(k - 1));
}

function stepsEnd(k: i32, stop: i32): i32 {
  if (k + 1 >= stop || !isSingle(k) || !isSingle(k + 1)) return k;
  const step = by(k + 1);
  const targetStep = targetBy(k + 1);
  k += 2;
  while (k < stop && isSingle(k) && by(k) == step && targetBy(k) == targetStep) k++;
  return k;
}

function emitSteps(k: i32, end: i32, scalar: i32): void {
  const run = emit(STEPS, k, end);
  store<usize>(run, x + <usize>(int(place, k) * scalar), FROM);
  store<i32>(run, by(k + 1) * scalar, FROM_STEP);
  store<usize>(run, x + <usize>(int(place, target(k)) * scalar), TO);
  store<i32>(run, targetBy(k + 1) * scalar, TO_STEP);
}

/** Emits the longest run from position k on that is worth it. Returns its end, or k. */
function emitLongest(from: i32, k: i32, stop: i32, scalar: i32): i32 {
  for (let shape = PATH; shape <= STEPS; shape++) {
    const end = shape == STEPS ? stepsEnd(k, stop) : pathEnd(k, stop, shape == PATH ? 1 : 2);
    if (end - k < WORTHWHILE) continue;
    emitOthers(from, k);
    if (shape == STEPS) emitSteps(k, end, scalar);
    else emit(shape, k, end);
    return end;
  }
  return k;
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
    let from = begin;
    for (let k = begin; k < stop && stop - begin > 1; ) {
      const end = emitLongest(from, k, stop, scalar);
      if (end > k) from = k = end;
      else k++;
    }
    if (stop - begin > 1) emitOthers(from, stop);
    setInt(plan, b + 1, <i32>top);
  }
}
