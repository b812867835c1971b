// The same functions at complex arguments: analytic continuations, principal branches. Where a real argument has a
// corner (min, abs, floor, …) there is none; a condition is decided by real parts.
import {
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  type Complex,
  cosh,
  exp,
  log,
  minus,
  over,
  plus,
  power,
  sinh,
  sqrt,
  tanh,
  times,
  turned,
  turnedBack,
} from './complex-arithmetic.js';
import type { Operator } from './expression.js';
import type { Program } from './program.js';

/** No analytic function: it has corners or jumps. */
const corners: ReadonlySet<Operator> = new Set<Operator>([
  'mod',
  'min',
  'max',
  'abs',
  'sgn',
  'floor',
  'ceil',
  'nint',
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

const LIMIT = 80;
const truth = (condition: boolean): Complex => [condition ? 1 : 0, 0];

function at(op: Operator, a: Complex, b: Complex, c: Complex): Complex {
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
): (read: (k: number) => Complex, re: Float64Array, im: Float64Array) => void {
  const first = p.constants.length;
  const base = first + p.symbols.length;
  const registers: Complex[] = new Array<Complex>(base + p.steps.length).fill([0, 0]);
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
