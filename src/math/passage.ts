// The state of a computation, handed over number by number and always in the same order: written down, later taken back.

export interface Passage {
  /** Whether it is being taken back. */
  readonly back: boolean;
  /** x while it is written down; what stood in its place when it is taken back. */
  number(x: number): number;
  flag(x: boolean): boolean;
  /** Writes v down, or fills it. */
  vector(v: Float64Array | Int32Array): void;
}

/** The numbers that `pass` hands over. */
export function writeDown(pass: (passage: Passage) => void): Float64Array {
  let length = 0;
  const counter: Passage = {
    back: false,
    number(x) {
      length++;
      return x;
    },
    flag(x) {
      length++;
      return x;
    },
    vector(v) {
      length += v.length;
    },
  };
  pass(counter);
  const numbers = new Float64Array(length);
  let at = 0;
  pass({
    back: false,
    number(x) {
      numbers[at++] = x;
      return x;
    },
    flag(x) {
      numbers[at++] = x ? 1 : 0;
      return x;
    },
    vector(v) {
      numbers.set(v, at);
      at += v.length;
    },
  });
  return numbers;
}

/** The state is again as when `pass` wrote these numbers down. */
export function takeBack(numbers: Float64Array, pass: (passage: Passage) => void): void {
  let at = 0;
  pass({
    back: true,
    number: () => numbers[at++],
    flag: () => numbers[at++] !== 0,
    vector(v) {
      v.set(numbers.subarray(at, at + v.length));
      at += v.length;
    },
  });
}
