// An expression as text that ngspice's behavioural sources, and our own parser, read back with the same meaning.
// ngspice takes V(a)^3 at a negative V(a) for +|V(a)|³, so whole powers are printed as products.
import type { Call, Expr, Operator } from './expression.js';

const rank = { or: 1, and: 2, compare: 3, sum: 4, product: 5, atom: 6 };

interface Printed {
  readonly text: string;
  readonly rank: number;
}

const infix: Partial<Record<Operator, readonly [string, number]>> = {
  or: ['||', rank.or],
  and: ['&&', rank.and],
  lt: ['<', rank.compare],
  le: ['<=', rank.compare],
  gt: ['>', rank.compare],
  ge: ['>=', rank.compare],
  eq: ['==', rank.compare],
  ne: ['!=', rank.compare],
  add: ['+', rank.sum],
  sub: ['-', rank.sum],
  mul: ['*', rank.product],
  div: ['/', rank.product],
};

/** Spelled otherwise there than here. */
const spelling: Partial<Record<Operator, string>> = { log: 'ln' };

/** Whole exponents up to this become products. */
const LARGEST_PRODUCT = 8;

/**
 * @param nameOfSymbol text for each symbol, e.g. `v(out)` → `v(out)`; it must stand as an atom
 * @throws RangeError for a constant that is no finite number
 */
export function toSpice(e: Expr, nameOfSymbol: (name: string) => string = (name) => name): string {
  const known = new Map<Expr, Printed>();
  const atom = (text: string): Printed => ({ text, rank: rank.atom });
  const print = (x: Expr): Printed => {
    let result = known.get(x);
    if (result === undefined) known.set(x, (result = fresh(x)));
    return result;
  };
  const within = (x: Expr, least: number): string => {
    const p = print(x);
    return p.rank >= least ? p.text : `(${p.text})`;
  };
  const call = (name: string, ...args: string[]): Printed => atom(`${name}(${args.join(',')})`);
  const bare = (x: Expr): string => print(x).text;

  const fresh = (x: Expr): Printed => {
    if (x.op === 'const') return literal(x.value);
    if (x.op === 'sym') return atom(nameOfSymbol(x.name));
    const [a, b, c] = x.args;
    const operator = infix[x.op];
    if (operator) {
      const [sign, own] = operator;
      return { text: `${within(a, own)}${sign}${within(b, own + 1)}`, rank: own };
    }
    switch (x.op) {
      case 'neg':
        return { text: `-${within(a, rank.atom)}`, rank: rank.sum };
      case 'not':
        return atom(`(!${within(a, rank.atom)})`);
      case 'select':
        return atom(`(${within(a, rank.atom)}?${within(b, rank.atom)}:${within(c, rank.atom)})`);
      case 'pow':
        return power(x);
      case 'hypot':
        return call(
          'sqrt',
          `${within(a, rank.atom)}*${within(a, rank.atom)}+${within(b, rank.atom)}*${within(b, rank.atom)}`,
        );
      case 'mod':
        return {
          text: `${within(a, rank.sum)}-${within(b, rank.atom)}*${truncated(`${within(a, rank.product)}/${within(b, rank.atom)}`)}`,
          rank: rank.sum,
        };
      case 'trunc':
        return { text: truncated(bare(a)), rank: rank.product };
      case 'round':
        return { text: `sgn(${bare(a)})*floor(abs(${bare(a)})+0.5)`, rank: rank.product };
      case 'atan2':
        return atan2(bare(a), bare(b));
      case 'limexp':
        return {
          text: `exp(min(${bare(a)},80))*(1+max(${within(a, rank.sum)}-80,0))`,
          rank: rank.product,
        };
      case 'limexp1':
        return call('exp', `min(${bare(a)},80)`);
      default:
        return call(spelling[x.op] ?? x.op, ...x.args.map(bare));
    }
  };

  const power = ({ args: [a, b] }: Call): Printed => {
    if (b.op === 'const' && Number.isInteger(b.value) && b.value !== 0) {
      const n = Math.abs(b.value);
      const base = within(a, rank.atom);
      const whole =
        n <= LARGEST_PRODUCT
          ? { text: new Array<string>(n).fill(base).join('*'), rank: n === 1 ? rank.atom : rank.product }
          : n % 2 === 0
            ? atom(`pow(abs(${bare(a)}),${n})`)
            : { text: `${base}*pow(abs(${bare(a)}),${n - 1})`, rank: rank.product };
      if (b.value > 0) return whole;
      return { text: `1/${whole.rank === rank.atom ? whole.text : `(${whole.text})`}`, rank: rank.product };
    }
    return call('pow', bare(a), bare(b));
  };

  const truncated = (text: string): string => `sgn(${text})*floor(abs(${text}))`;

  // 2·atan(y / (r + x)); on the negative x axis, where that is 0/0, π.
  const atan2 = (y: string, x: string): Printed => {
    const half = `(${y})/(sqrt((${x})*(${x})+(${y})*(${y}))+(${x}))`;
    const onAxis = `(((${x})<0)?(${Math.PI}):(0))`;
    return atom(`((((${x})<=0)&&((${y})==0))?${onAxis}:(2*atan(${half})))`);
  };

  return print(e).text;
}

function literal(value: number): Printed {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be written in a deck`);
  const text = `${value}`;
  return value < 0 || Object.is(value, -0)
    ? { text: `(${text})`, rank: rank.atom }
    : { text, rank: rank.atom };
}
