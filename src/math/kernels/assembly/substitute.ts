// Triangular systems by runs of one shape. The entries of a triangle are kept beside the unknown that stands first in
// them: ascending, each unknown is subtracted from later ones; descending, later ones are subtracted from it. Where
// one entry waits for the next, only a product and a difference stand between them.
import { int } from './memory';
import {
  COUNT, FIRST, FROM, FROM_STEP, INDICES, ONE, PATH, PATHS, POINTERS, RUN, SHAPE, STEPS, TO, TO_STEP, VALUES,
} from './plan';
import { at, minus, minusDot, put, subtractMultiple, times } from './scalar';
import { pivotInverse, place, x } from './state';

@inline function positions(run: usize): usize {
  return place + (<usize>load<i32>(run, FIRST) << 2);
}

@inline function pivots<T>(run: usize): usize {
  return pivotInverse + <usize>load<i32>(run, FIRST) * sizeof<T>();
}

@inline function entries<T>(run: usize): usize {
  return load<usize>(run, VALUES) + <usize>load<i32>(load<usize>(run, POINTERS)) * sizeof<T>();
}

@inline function ascendAny<T>(run: usize): void {
  const own = positions(run);
  const pointers = load<usize>(run, POINTERS);
  const index = load<usize>(run, INDICES);
  const values = load<usize>(run, VALUES);
  const count = load<i32>(run, COUNT);
  let p = int(pointers, 0);
  for (let t = 0; t < count; t++) {
    const next = int(pointers, t + 1);
    subtractMultiple<T>(x, index + (<usize>p << 2), values + <usize>p * sizeof<T>(), next - p, at<T>(x, int(own, t)));
    p = next;
  }
}

@inline function ascendOne<T>(run: usize): void {
  const own = positions(run);
  const other = load<usize>(run, INDICES) + (<usize>load<i32>(load<usize>(run, POINTERS)) << 2);
  const values = entries<T>(run);
  const count = load<i32>(run, COUNT);
  for (let t = 0; t < count; t++) {
    const to = int(other, t);
    put<T>(x, to, minus<T>(at<T>(x, to), times<T>(at<T>(values, t), at<T>(x, int(own, t)))));
  }
}

@inline function ascendSteps<T>(run: usize): void {
  const fromStep = load<i32>(run, FROM_STEP);
  const toStep = load<i32>(run, TO_STEP);
  let from = load<usize>(run, FROM);
  let to = load<usize>(run, TO);
  let values = entries<T>(run);
  const end = values + <usize>load<i32>(run, COUNT) * sizeof<T>();
  if (sizeof<T>() == 8 && fromStep == 8 && toStep == 8) {
    for (; values + 8 < end; values += 16, from += 16, to += 16) {
      v128.store(to, f64x2.sub(v128.load(to), f64x2.mul(v128.load(values), v128.load(from))));
    }
  }
  for (; values < end; values += sizeof<T>(), from += fromStep, to += toStep) {
    store<T>(to, minus<T>(load<T>(to), times<T>(load<T>(values), load<T>(from))));
  }
}

@inline function ascendPath<T>(run: usize): void {
  const own = positions(run);
  const values = entries<T>(run);
  const count = load<i32>(run, COUNT);
  let value = at<T>(x, int(own, 0));
  for (let t = 0; t < count; t++) {
    const to = int(own, t + 1);
    value = minus<T>(at<T>(x, to), times<T>(at<T>(values, t), value));
    put<T>(x, to, value);
  }
}

@inline function ascendPaths<T>(run: usize): void {
  const own = positions(run);
  const values = entries<T>(run);
  const count = load<i32>(run, COUNT);
  let value = at<T>(x, int(own, 0));
  let value2 = at<T>(x, int(own, 1));
  let t = 0;
  for (; t < count - 1; t += 2) {
    const to = int(own, t + 2);
    const to2 = int(own, t + 3);
    value = minus<T>(at<T>(x, to), times<T>(at<T>(values, t), value));
    value2 = minus<T>(at<T>(x, to2), times<T>(at<T>(values, t + 1), value2));
    put<T>(x, to, value);
    put<T>(x, to2, value2);
  }
  if (t < count) {
    const to = int(own, t + 2);
    put<T>(x, to, minus<T>(at<T>(x, to), times<T>(at<T>(values, t), value)));
  }
}

@inline function descendAny<T>(run: usize): void {
  const own = positions(run);
  const inverse = pivots<T>(run);
  const pointers = load<usize>(run, POINTERS);
  const index = load<usize>(run, INDICES);
  const values = load<usize>(run, VALUES);
  let next = int(pointers, load<i32>(run, COUNT));
  for (let t = load<i32>(run, COUNT) - 1; t >= 0; t--) {
    const p = int(pointers, t);
    const to = int(own, t);
    put<T>(x, to, minusDot<T>(
      times<T>(at<T>(x, to), at<T>(inverse, t)), x, index + (<usize>p << 2), values + <usize>p * sizeof<T>(), next - p));
    next = p;
  }
}

@inline function descendOne<T>(run: usize): void {
  const own = positions(run);
  const inverse = pivots<T>(run);
  const other = load<usize>(run, INDICES) + (<usize>load<i32>(load<usize>(run, POINTERS)) << 2);
  const values = entries<T>(run);
  for (let t = load<i32>(run, COUNT) - 1; t >= 0; t--) {
    const to = int(own, t);
    put<T>(x, to, minus<T>(
      times<T>(at<T>(x, to), at<T>(inverse, t)), times<T>(at<T>(values, t), at<T>(x, int(other, t)))));
  }
}

@inline function descendSteps<T>(run: usize): void {
  const fromStep = load<i32>(run, FROM_STEP);
  const toStep = load<i32>(run, TO_STEP);
  const count = load<i32>(run, COUNT);
  let from = load<usize>(run, FROM) + count * fromStep;
  let to = load<usize>(run, TO) + count * toStep;
  const first = entries<T>(run);
  let values = first + <usize>count * sizeof<T>();
  let inverse = pivots<T>(run) + <usize>count * sizeof<T>();
  if (sizeof<T>() == 8 && fromStep == 8 && toStep == 8) {
    while (values > first + 8) {
      values -= 16;
      inverse -= 16;
      from -= 16;
      to -= 16;
      v128.store(from, f64x2.sub(
        f64x2.mul(v128.load(from), v128.load(inverse)), f64x2.mul(v128.load(values), v128.load(to))));
    }
  }
  while (values > first) {
    values -= sizeof<T>();
    inverse -= sizeof<T>();
    from -= fromStep;
    to -= toStep;
    store<T>(from, minus<T>(
      times<T>(load<T>(from), load<T>(inverse)), times<T>(load<T>(values), load<T>(to))));
  }
}

@inline function descendPath<T>(run: usize): void {
  const own = positions(run);
  const inverse = pivots<T>(run);
  const values = entries<T>(run);
  const count = load<i32>(run, COUNT);
  let value = at<T>(x, int(own, count));
  for (let t = count - 1; t >= 0; t--) {
    const to = int(own, t);
    value = minus<T>(times<T>(at<T>(x, to), at<T>(inverse, t)), times<T>(at<T>(values, t), value));
    put<T>(x, to, value);
  }
}

@inline function descendPaths<T>(run: usize): void {
  const own = positions(run);
  const inverse = pivots<T>(run);
  const values = entries<T>(run);
  const count = load<i32>(run, COUNT);
  let value = at<T>(x, int(own, count + 1));
  let value2 = at<T>(x, int(own, count));
  let t = count - 1;
  for (; t > 0; t -= 2) {
    const to = int(own, t);
    const to2 = int(own, t - 1);
    value = minus<T>(times<T>(at<T>(x, to), at<T>(inverse, t)), times<T>(at<T>(values, t), value));
    value2 = minus<T>(times<T>(at<T>(x, to2), at<T>(inverse, t - 1)), times<T>(at<T>(values, t - 1), value2));
    put<T>(x, to, value);
    put<T>(x, to2, value2);
  }
  if (t == 0) {
    const to = int(own, 0);
    put<T>(x, to, minus<T>(times<T>(at<T>(x, to), at<T>(inverse, 0)), times<T>(at<T>(values, 0), value)));
  }
}

function upAny(run: usize): void { ascendAny<f64>(run); }
function upOne(run: usize): void { ascendOne<f64>(run); }
function upSteps(run: usize): void { ascendSteps<f64>(run); }
function upPath(run: usize): void { ascendPath<f64>(run); }
function upPaths(run: usize): void { ascendPaths<f64>(run); }
function downAny(run: usize): void { descendAny<f64>(run); }
function downOne(run: usize): void { descendOne<f64>(run); }
function downSteps(run: usize): void { descendSteps<f64>(run); }
function downPath(run: usize): void { descendPath<f64>(run); }
function downPaths(run: usize): void { descendPaths<f64>(run); }

/** As values, loops stay functions of their own: an engine makes fast what it runs, not all that it might run. */
@inline function upwards(shape: i32): (run: usize) => void {
  switch (shape) {
    case ONE: return upOne;
    case STEPS: return upSteps;
    case PATH: return upPath;
    case PATHS: return upPaths;
    default: return upAny;
  }
}

@inline function downwards(shape: i32): (run: usize) => void {
  switch (shape) {
    case ONE: return downOne;
    case STEPS: return downSteps;
    case PATH: return downPath;
    case PATHS: return downPaths;
    default: return downAny;
  }
}

@inline function up<T>(run: usize): void {
  const shape = load<i32>(run, SHAPE);
  if (sizeof<T>() == 8) {
    const loop = upwards(shape);
    loop(run);
  } else {
    switch (shape) {
      case ONE: return ascendOne<T>(run);
      case STEPS: return ascendSteps<T>(run);
      case PATH: return ascendPath<T>(run);
      case PATHS: return ascendPaths<T>(run);
      default: ascendAny<T>(run);
    }
  }
}

@inline function down<T>(run: usize): void {
  const shape = load<i32>(run, SHAPE);
  if (sizeof<T>() == 8) {
    const loop = downwards(shape);
    loop(run);
  } else {
    switch (shape) {
      case ONE: return descendOne<T>(run);
      case STEPS: return descendSteps<T>(run);
      case PATH: return descendPath<T>(run);
      case PATHS: return descendPaths<T>(run);
      default: descendAny<T>(run);
    }
  }
}

/** (1 + T) x := x, T strictly lower triangular by columns, by its runs. */
@inline export function ascend<T>(from: usize, to: usize): void {
  for (let run = from; run < to; run += RUN) up<T>(run);
}

/** (1 + T)ᵀ x := D⁻¹x. */
@inline export function descend<T>(from: usize, to: usize): void {
  for (let run = to; run > from; ) {
    run -= RUN;
    down<T>(run);
  }
}
