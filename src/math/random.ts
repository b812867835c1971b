// Pseudo-random numbers: xoshiro128** (Blackman & Vigna, ACM TOMS 47, 2021) started from a hashed 64-bit key. A stream
// is named by its seed and the path of splits that led to it, so no thread or order of calls can change it.

export interface Random {
  /** Next 32 bits, an integer in [0, 2³²). */
  bits(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal, mean 0 and variance 1. */
  normal(): number;
  /** The k-th independent stream below this one; depends on the seed and k only, not on numbers drawn before. */
  split(k: number): Random;
}

/**
 * A stream of pseudo-random numbers. The seed may be any safe integer.
 *
 * @throws RangeError when the seed (or the k of a split) is not a safe integer.
 */
export function createRandom(seed: number): Random {
  return stream(...hash(0x243f6a88, 0x85a308d3, seed));
}

function stream(keyHigh: number, keyLow: number): Random {
  let [a, b] = hash(keyHigh, keyLow, -1);
  let [c, d] = hash(keyHigh, keyLow, -2);
  if ((a | b | c | d) === 0) d = 1;
  let spare = Number.NaN;

  function bits(): number {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  const uniform = () => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) * 2 ** -53;

  /** Marsaglia's polar method makes two at a time. */
  function normal(): number {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    let u: number;
    let v: number;
    let s: number;
    do {
      u = 2 * uniform() - 1;
      v = 2 * uniform() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const factor = Math.sqrt((-2 * Math.log(s)) / s);
    spare = v * factor;
    return u * factor;
  }

  return { bits, uniform, normal, split: (k) => stream(...hash(keyHigh, keyLow, k)) };
}

/** A 64-bit key and an integer to a new 64-bit key, through rounds of MurmurHash3's finaliser. */
function hash(high: number, low: number, k: number): [number, number] {
  if (!Number.isSafeInteger(k)) throw new RangeError(`a seed must be a safe integer, got ${k}`);
  let a = high ^ mix(k | 0);
  let b = low ^ mix(Math.floor(k / 2 ** 32) ^ 0x5bd1e995);
  for (let round = 1; round <= 3; round++) {
    a = mix(a + Math.imul(b, 0x9e3779b1) + round);
    b = mix(b + Math.imul(a, 0x85ebca77) + round);
  }
  return [a, b];
}

function mix(word: number): number {
  word ^= word >>> 16;
  word = Math.imul(word, 0x85ebca6b);
  word ^= word >>> 13;
  word = Math.imul(word, 0xc2b2ae35);
  return word ^ (word >>> 16);
}
