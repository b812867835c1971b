// Laws as straight-line arithmetic, one operation at a time over a block of instances: nothing is generated, nothing warms
// up, and two instances go side by side.
import { exponential, limited, limitedSlope } from './exponential';

/** Instances in a block: all registers of a law then stay close. */
export const BLOCK: i32 = 64;

/** Operations, as src/math/straight.ts numbers them. */
const ADD: i32 = 0;
const SUB: i32 = 1;
const MUL: i32 = 2;
const DIV: i32 = 3;
const NEG: i32 = 4;
const ABS: i32 = 5;
const SQRT: i32 = 6;
const EXP: i32 = 7;
const LIMEXP: i32 = 8;
const LIMEXP1: i32 = 9;
const SELECT: i32 = 10;
const LT: i32 = 11;
const LE: i32 = 12;
const GT: i32 = 13;
const GE: i32 = 14;
const SQUARE: i32 = 15;
const CUBE: i32 = 16;

/** What a symbol reads. */
const FROM_X: i32 = 0;
const FROM_NUMBERS: i32 = 1;

@inline function truth(mask: v128): v128 {
  return v128.and(mask, f64x2.splat(1));
}

@inline function apply(code: i32, a: v128, b: v128, c: v128): v128 {
  switch (code) {
    case ADD: return f64x2.add(a, b);
    case SUB: return f64x2.sub(a, b);
    case MUL: return f64x2.mul(a, b);
    case DIV: return f64x2.div(a, b);
    case NEG: return f64x2.neg(a);
    case ABS: return f64x2.abs(a);
    case SQRT: return f64x2.sqrt(a);
    case EXP: return exponential(a);
    case LIMEXP: return limited(a);
    case LIMEXP1: return limitedSlope(a);
    case SELECT: return v128.bitselect(b, c, f64x2.ne(a, f64x2.splat(0)));
    case LT: return truth(f64x2.lt(a, b));
    case LE: return truth(f64x2.le(a, b));
    case GT: return truth(f64x2.gt(a, b));
    case GE: return truth(f64x2.ge(a, b));
    case SQUARE: return f64x2.mul(a, a);
    default: return f64x2.mul(f64x2.mul(a, a), a);
  }
}

@inline function over(code: i32, bytes: usize, to: usize, a: usize, b: usize, c: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const y = code <= DIV || code >= SELECT && code <= GE ? v128.load(b + i) : f64x2.splat(0);
    const z = code == SELECT ? v128.load(c + i) : f64x2.splat(0);
    v128.store(to + i, apply(code, v128.load(a + i), y, z));
  }
}

function operate(code: i32, bytes: usize, to: usize, a: usize, b: usize, c: usize): void {
  switch (code) {
    case ADD: return over(ADD, bytes, to, a, b, c);
    case SUB: return over(SUB, bytes, to, a, b, c);
    case MUL: return over(MUL, bytes, to, a, b, c);
    case DIV: return over(DIV, bytes, to, a, b, c);
    case NEG: return over(NEG, bytes, to, a, b, c);
    case ABS: return over(ABS, bytes, to, a, b, c);
    case SQRT: return over(SQRT, bytes, to, a, b, c);
    case EXP: return over(EXP, bytes, to, a, b, c);
    case LIMEXP: return over(LIMEXP, bytes, to, a, b, c);
    case LIMEXP1: return over(LIMEXP1, bytes, to, a, b, c);
    case SELECT: return over(SELECT, bytes, to, a, b, c);
    case LT: return over(LT, bytes, to, a, b, c);
    case LE: return over(LE, bytes, to, a, b, c);
    case GT: return over(GT, bytes, to, a, b, c);
    case GE: return over(GE, bytes, to, a, b, c);
    case SQUARE: return over(SQUARE, bytes, to, a, b, c);
    default: return over(CUBE, bytes, to, a, b, c);
  }
}

/** register[i] := what the symbol is for `length` instances from `first` on. */
@inline function read(symbol: usize, first: i32, length: i32, x: usize, t: f64): void {
  const from = load<i32>(symbol);
  const to = <usize>load<u32>(symbol, 4);
  const table = <usize>load<u32>(symbol, 8);
  if (from == FROM_X) {
    const slots = table + (<usize>first << 2);
    // Two at a time, as they will be read; behind the last stands a slot that can be read.
    for (let i = 0; i < length; i += 2) {
      const own = slots + (<usize>i << 2);
      const first = v128.load64_zero(x + load<u32>(own));
      v128.store(to + (<usize>i << 3), v128.load64_lane(x + load<u32>(own, 4), first, 1));
    }
  } else if (from == FROM_NUMBERS) memory.copy(to, table + (<usize>first << 3), <usize>length << 3);
  else for (let i = 0; i < length; i++) store<f64>(to + (<usize>i << 3), t);
}

/** f[slots] += sign · register. */
@inline function write(w: usize, first: i32, length: i32, f: usize): void {
  const from = <usize>load<u32>(w, 4);
  const slots = <usize>load<u32>(w, 8) + (<usize>first << 2);
  if (load<i32>(w) > 0) {
    for (let i = 0; i < length; i++) {
      const cell = f + load<u32>(slots + (<usize>i << 2));
      store<f64>(cell, load<f64>(cell) + load<f64>(from + (<usize>i << 3)));
    }
  } else {
    for (let i = 0; i < length; i++) {
      const cell = f + load<u32>(slots + (<usize>i << 2));
      store<f64>(cell, load<f64>(cell) - load<f64>(from + (<usize>i << 3)));
    }
  }
}

/**
 * f += the law described at `law`: how many instances, then (count, address) of its symbols, operations and writes, of
 * 12, 20 and 12 bytes each.
 */
export function addStraight(law: usize, x: usize, t: f64, f: usize): void {
  const count = load<i32>(law);
  const symbols = <usize>load<u32>(law, 8);
  const symbolsEnd = symbols + <usize>load<u32>(law, 4) * 12;
  const operations = <usize>load<u32>(law, 16);
  const operationsEnd = operations + <usize>load<u32>(law, 12) * 20;
  const writes = <usize>load<u32>(law, 24);
  const writesEnd = writes + <usize>load<u32>(law, 20) * 12;
  for (let first = 0; first < count; first += BLOCK) {
    const length = min(BLOCK, count - first);
    const bytes = <usize>length << 3;
    for (let s = symbols; s < symbolsEnd; s += 12) read(s, first, length, x, t);
    for (let o = operations; o < operationsEnd; o += 20) {
      operate(
        load<i32>(o), bytes, <usize>load<u32>(o, 4), <usize>load<u32>(o, 8), <usize>load<u32>(o, 12),
        <usize>load<u32>(o, 16));
    }
    for (let w = writes; w < writesEnd; w += 12) write(w, first, length, f);
  }
}
