// The same functions at complex arguments: analytic continuations, principal branches. Where a real argument has a
// corner (min, abs, floor, …) there is none; a condition is decided by real parts.
import type { Operator } from './expression.js';
import type { Program } from './program.js';

type Pair = readonly [re: number, im: number];

/** No analytic function: it has corners or jumps. */
const corners: ReadonlySet<Operator> = new Set<Operator>([
  'mod',
  'min',
  'max',
  'abs',
  'sgn',
  'floor',
  'ceil',
  'round',
  'trunc',
]);

/**
 * What keeps a program from being analytic, in words; undefined when nothing does.
 * @param joined the pieces of its conditions are known to join with equal slopes
 */
export function notAnalytic(p: Program, joined: boolean): string | undefined {
  const corner = p.steps.find(({ op }) => corners.has(op));
  if (corner) return `${corner.op}()`;
  return !joined && p.steps.some(({ op }) => op === 'select') ? 'a condition' : undefined;
}

const times = ([a, b]: Pair, [c, d]: Pair): Pair => [a * c - b * d, a * d + b * c];

/** Smith's way, so that nothing overflows before it must. */
function over([a, b]: Pair, [c, d]: Pair): Pair {
  if (Math.abs(c) >= Math.abs(d)) {
    const r = d / c;
    const s = c + d * r;
    return [(a + b * r) / s, (b - a * r) / s];
  }
  const r = c / d;
  const s = c * r + d;
  return [(a * r + b) / s, (b * r - a) / s];
}

const exp = ([a, b]: Pair): Pair => {
  const size = Math.exp(a);
  return b === 0 ? [size, 0] : [size * Math.cos(b), size * Math.sin(b)];
};
const log = ([a, b]: Pair): Pair => [Math.log(Math.hypot(a, b)), Math.atan2(b, a)];

function sqrt([a, b]: Pair): Pair {
  if (a === 0 && b === 0) return [0, 0];
  const half = Math.sqrt((Math.hypot(a, b) + Math.abs(a)) / 2);
  if (a >= 0) return [half, b / (2 * half)];
  return [Math.abs(b) / (2 * half), b < 0 ? -half : half];
}

/** sinh and cosh of the real part, cos and sin of the imaginary one. */
const sinh = ([a, b]: Pair): Pair => [Math.sinh(a) * Math.cos(b), Math.cosh(a) * Math.sin(b)];
const cosh = ([a, b]: Pair): Pair => [Math.cosh(a) * Math.cos(b), Math.sinh(a) * Math.sin(b)];

function tanh([a, b]: Pair): Pair {
  if (Math.abs(a) > 300) return [Math.sign(a), 0];
  const below = Math.cosh(2 * a) + Math.cos(2 * b);
  return [b === 0 ? Math.tanh(a) : Math.sinh(2 * a) / below, Math.sin(2 * b) / below];
}

/** i·z and −i·z, by which circular functions become hyperbolic ones. */
const turned = ([a, b]: Pair): Pair => [-b, a];
const turnedBack = ([a, b]: Pair): Pair => [b, -a];

const plus = ([a, b]: Pair, [c, d]: Pair): Pair => [a + c, b + d];
const minus = ([a, b]: Pair, [c, d]: Pair): Pair => [a - c, b - d];
const ONE: Pair = [1, 0];

/** Imaginary parts below this are followed to first order: log would round them away. */
const TINY = 1e-9;

/** An inverse function: by its real value and slope near the real axis, by `far` elsewhere. */
const inverse =
  (value: (a: number) => number, slope: (a: number) => number, far: (z: Pair) => Pair) =>
  (z: Pair): Pair => {
    const [a, b] = z;
    const near = Math.abs(b) < TINY ? value(a) : Number.NaN;
    return Number.isNaN(near) ? far(z) : [near, b === 0 ? 0 : b * slope(a)];
  };

const asinh = inverse(
  Math.asinh,
  (a) => 1 / Math.hypot(1, a),
  (z) => log(plus(z, sqrt(plus(times(z, z), ONE)))),
);
const acosh = inverse(
  Math.acosh,
  (a) => 1 / Math.sqrt(a * a - 1),
  (z) => log(plus(z, times(sqrt(plus(z, ONE)), sqrt(minus(z, ONE))))),
);
const atanh = inverse(
  Math.atanh,
  (a) => 1 / (1 - a * a),
  (z) => times([0.5, 0], minus(log(plus(ONE, z)), log(minus(ONE, z)))),
);
const asin = inverse(
  Math.asin,
  (a) => 1 / Math.sqrt(1 - a * a),
  (z) => turnedBack(asinh(turned(z))),
);
const acos = inverse(
  Math.acos,
  (a) => -1 / Math.sqrt(1 - a * a),
  (z) => minus([Math.PI / 2, 0], asin(z)),
);
const atan = inverse(
  Math.atan,
  (a) => 1 / (1 + a * a),
  (z) => turnedBack(atanh(turned(z))),
);

function power(a: Pair, b: Pair): Pair {
  if (a[1] === 0 && b[1] === 0) {
    const real = a[0] ** b[0];
    if (!Number.isNaN(real)) return [real, 0];
  }
  if (b[1] === 0 && Number.isInteger(b[0]) && Math.abs(b[0]) <= 64) {
    let result = ONE;
    let base = a;
    for (let n = Math.abs(b[0]); n > 0; n = Math.floor(n / 2)) {
      if (n % 2 === 1) result = times(result, base);
      base = times(base, base);
    }
    return b[0] < 0 ? over(ONE, result) : result;
  }
  return exp(times(b, log(a)));
}

/** Of y and x; the angle of x + i·y. */
function atan2(y: Pair, x: Pair): Pair {
  if (y[1] === 0 && x[1] === 0) return [Math.atan2(y[0], x[0]), 0];
  const far = Math.abs(x[0]) < Math.abs(y[0]);
  const [re, im] = atan(far ? over(x, y) : over(y, x));
  if (far) return [Math.sign(y[0]) * (Math.PI / 2) - re, -im];
  const turn = x[0] >= 0 ? 0 : y[0] >= 0 ? Math.PI : -Math.PI;
  return [re + turn, im];
}

const LIMIT = 80;
const truth = (condition: boolean): Pair => [condition ? 1 : 0, 0];

function at(op: Operator, a: Pair, b: Pair, c: Pair): Pair {
  switch (op) {
    case 'add':
      return plus(a, b);
    case 'sub':
      return minus(a, b);
    case 'mul':
      return times(a, b);
    case 'div':
      return over(a, b);
    case 'neg':
      return [-a[0], -a[1]];
    case 'pow':
      return power(a, b);
    case 'atan2':
      return atan2(a, b);
    case 'hypot':
      return sqrt(plus(times(a, a), times(b, b)));
    case 'sqrt':
      return sqrt(a);
    case 'exp':
      return exp(a);
    case 'log':
      return log(a);
    case 'log10':
      return times([1 / Math.LN10, 0], log(a));
    case 'sin':
      return turnedBack(sinh(turned(a)));
    case 'cos':
      return cosh(turned(a));
    case 'tan':
      return turnedBack(tanh(turned(a)));
    case 'sinh':
      return sinh(a);
    case 'cosh':
      return cosh(a);
    case 'tanh':
      return tanh(a);
    case 'asin':
      return asin(a);
    case 'acos':
      return acos(a);
    case 'atan':
      return atan(a);
    case 'asinh':
      return asinh(a);
    case 'acosh':
      return acosh(a);
    case 'atanh':
      return atanh(a);
    case 'limexp':
      return a[0] > LIMIT ? times([Math.exp(LIMIT), 0], minus(a, [LIMIT - 1, 0])) : exp(a);
    case 'limexp1':
      return a[0] > LIMIT ? [Math.exp(LIMIT), 0] : exp(a);
    case 'select':
      return a[0] !== 0 ? b : c;
    case 'lt':
      return truth(a[0] < b[0]);
    case 'le':
      return truth(a[0] <= b[0]);
    case 'gt':
      return truth(a[0] > b[0]);
    case 'ge':
      return truth(a[0] >= b[0]);
    case 'eq':
      return truth(a[0] === b[0]);
    case 'ne':
      return truth(a[0] !== b[0]);
    case 'and':
      return truth(a[0] !== 0 && b[0] !== 0);
    case 'or':
      return truth(a[0] !== 0 || b[0] !== 0);
    case 'not':
      return truth(a[0] === 0);
    default:
      throw new Error(`${op} has no value at a complex number`);
  }
}

/** Runs a program at complex numbers; `read(k)` gives symbol k of the program. */
export function complexInterpreter(
  p: Program,
): (read: (k: number) => Pair, re: Float64Array, im: Float64Array) => void {
  const first = p.constants.length;
  const base = first + p.symbols.length;
  const registers: Pair[] = new Array<Pair>(base + p.steps.length).fill([0, 0]);
  p.constants.forEach((value, k) => {
    registers[k] = [value, 0];
  });
  return (read, re, im) => {
    for (let k = 0; k < p.symbols.length; k++) registers[first + k] = read(k);
    for (let k = 0; k < p.steps.length; k++) {
      const { op, args } = p.steps[k];
      registers[base + k] = at(op, registers[args[0]], registers[args[1]], registers[args[2]]);
    }
    for (let k = 0; k < p.outputs.length; k++) [re[k], im[k]] = registers[p.outputs[k]];
  };
}
