// Polynomials through m points of several numbers each, read at q instants, and what the readings ask of the points.
// Points and instants are the rows of their tables, of 8 bytes a number.

/** Behind the times of the points, of which there are 16 at most: their places, and 1/Π of how far the others are. */
const PLACES: usize = 128;
const INVERSE: usize = 256;

/** Places of the points from the first one on, in units of what they span; returns 1 over that. */
function place(m: i32, times: usize): f64 {
  const first = load<f64>(times);
  const perSpan = 1 / (first - load<f64>(times + (<usize>(m - 1) << 3)));
  const end = times + (<usize>m << 3);
  for (let j = times; j < end; j += 8) store<f64>(j, (load<f64>(j) - first) * perSpan, PLACES);
  for (let j = times; j < end; j += 8) {
    const own = load<f64>(j, PLACES);
    let product: f64 = 1;
    for (let i = times; i < end; i += 8) if (i != j) product *= own - load<f64>(i, PLACES);
    store<f64>(j, 1 / product, INVERSE);
  }
  return perSpan;
}

/** Lagrange's polynomials at a place. */
function weigh(m: i32, times: usize, at: f64, weights: usize): void {
  const bytes = <usize>m << 3;
  let product: f64 = 1;
  for (let j: usize = 0; j < bytes; j += 8) {
    store<f64>(weights + j, product * load<f64>(times + j, INVERSE));
    product *= at - load<f64>(times + j, PLACES);
  }
  product = 1;
  for (let j = bytes; j > 0; j -= 8) {
    const to = weights + j - 8;
    store<f64>(to, product * load<f64>(to));
    product *= at - load<f64>(times + j - 8, PLACES);
  }
}

/** readings := the polynomials through the points at all instants; weights := how much each counts there, m an instant. */
export function interpolate(
  m: i32, times: usize, q: i32, instants: usize, few: i32, points: usize, weights: usize, readings: usize,
): void {
  const perSpan = place(m, times);
  const first = load<f64>(times);
  const row = <usize>few << 3;
  for (let g = 0; g < q; g++) {
    weigh(m, times, (load<f64>(instants + (<usize>g << 3)) - first) * perSpan, weights);
    for (let k: usize = 0; k < row; k += 8) {
      let sum: f64 = 0;
      let from = points + k;
      for (let j = 0; j < m; j++, from += row) sum += load<f64>(weights + (<usize>j << 3)) * load<f64>(from);
      store<f64>(readings + k, sum);
    }
    weights += <usize>m << 3;
    readings += row;
  }
}

/** points := Σ weight·slope over the instants: what slopes by the readings are by the points. */
export function interpolateBack(m: i32, q: i32, few: i32, weights: usize, slopes: usize, points: usize): void {
  const row = <usize>few << 3;
  for (let j = 0; j < m; j++, weights += 8, points += row) {
    for (let k: usize = 0; k < row; k += 8) {
      let sum: f64 = 0;
      let from = weights;
      let slope = slopes + k;
      for (let g = 0; g < q; g++, from += <usize>m << 3, slope += row) sum += load<f64>(from) * load<f64>(slope);
      store<f64>(points + k, sum);
    }
  }
}
