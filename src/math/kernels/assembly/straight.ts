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
/** One entry of x after the other. */
const FROM_RUN: i32 = 3;
/** Where a write goes: to entries of f listed, or one after the other. */
const TO_RUN: i32 = 1;

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

function overAdd(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(ADD, l, to, a, b, c); }
function overSub(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(SUB, l, to, a, b, c); }
function overMul(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(MUL, l, to, a, b, c); }
function overDiv(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(DIV, l, to, a, b, c); }
function overNeg(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(NEG, l, to, a, b, c); }
function overAbs(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(ABS, l, to, a, b, c); }
function overSqrt(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(SQRT, l, to, a, b, c); }
function overExp(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(EXP, l, to, a, b, c); }
function overLimexp(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(LIMEXP, l, to, a, b, c); }
function overLimexp1(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(LIMEXP1, l, to, a, b, c); }
function overSelect(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(SELECT, l, to, a, b, c); }
function overLt(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(LT, l, to, a, b, c); }
function overLe(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(LE, l, to, a, b, c); }
function overGt(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(GT, l, to, a, b, c); }
function overGe(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(GE, l, to, a, b, c); }
function overSquare(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(SQUARE, l, to, a, b, c); }
function overCube(l: usize, to: usize, a: usize, b: usize, c: usize): void { over(CUBE, l, to, a, b, c); }

/**
 * The loop of an operation. As values, loops stay functions of their own: an engine makes fast what it runs, not all that
 * it might run.
 */
@inline function loopOf(code: i32): (bytes: usize, to: usize, a: usize, b: usize, c: usize) => void {
  switch (code) {
    case ADD: return overAdd;
    case SUB: return overSub;
    case MUL: return overMul;
    case DIV: return overDiv;
    case NEG: return overNeg;
    case ABS: return overAbs;
    case SQRT: return overSqrt;
    case EXP: return overExp;
    case LIMEXP: return overLimexp;
    case LIMEXP1: return overLimexp1;
    case SELECT: return overSelect;
    case LT: return overLt;
    case LE: return overLe;
    case GT: return overGt;
    case GE: return overGe;
    case SQUARE: return overSquare;
    default: return overCube;
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
  } else if (from == FROM_RUN) {
    const own = x + table + (<usize>first << 3);
    for (let i: usize = 0; i < <usize>length << 3; i += 16) v128.store(to + i, v128.load(own + i));
  } else if (from == FROM_NUMBERS) memory.copy(to, table + (<usize>first << 3), <usize>length << 3);
  else for (let i = 0; i < length; i++) store<f64>(to + (<usize>i << 3), t);
}

/** f[slots] += sign · register. */
@inline function write(w: usize, first: i32, length: i32, f: usize): void {
  const from = <usize>load<u32>(w, 4);
  const table = <usize>load<u32>(w, 8);
  const sign = <f64>load<i32>(w);
  if (load<i32>(w, 12) == TO_RUN) {
    const to = f + table + (<usize>first << 3);
    const signs = f64x2.splat(sign);
    const end = <usize>length << 3;
    let i: usize = 0;
    for (; i + 8 < end; i += 16) {
      v128.store(to + i, f64x2.add(v128.load(to + i), f64x2.mul(signs, v128.load(from + i))));
    }
    if (i < end) store<f64>(to + i, load<f64>(to + i) + sign * load<f64>(from + i));
    return;
  }
  const slots = table + (<usize>first << 2);
  for (let i = 0; i < length; i++) {
    const cell = f + load<u32>(slots + (<usize>i << 2));
    store<f64>(cell, load<f64>(cell) + sign * load<f64>(from + (<usize>i << 3)));
  }
}

/**
 * f += the law described at `law`: how many instances, then (count, address) of its symbols, operations and writes, of
 * 12, 20 and 16 bytes each.
 */
export function addStraight(law: usize, x: usize, t: f64, f: usize): void {
  const count = load<i32>(law);
  const symbols = <usize>load<u32>(law, 8);
  const symbolsEnd = symbols + <usize>load<u32>(law, 4) * 12;
  const operations = <usize>load<u32>(law, 16);
  const operationsEnd = operations + <usize>load<u32>(law, 12) * 20;
  const writes = <usize>load<u32>(law, 24);
  const writesEnd = writes + (<usize>load<u32>(law, 20) << 4);
  for (let first = 0; first < count; first += BLOCK) {
    const length = min(BLOCK, count - first);
    const bytes = <usize>length << 3;
    for (let s = symbols; s < symbolsEnd; s += 12) read(s, first, length, x, t);
    for (let o = operations; o < operationsEnd; o += 20) {
      const loop = loopOf(load<i32>(o));
      loop(
        bytes, <usize>load<u32>(o, 4), <usize>load<u32>(o, 8), <usize>load<u32>(o, 12), <usize>load<u32>(o, 16));
    }
    for (let w = writes; w < writesEnd; w += 16) write(w, first, length, f);
  }
}
