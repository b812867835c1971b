// Several expressions as one straight line of arithmetic: every common subexpression computed once.
import { apply } from './evaluate.js';
import type { Expr, Operator } from './expression.js';

/** One operation: result register, function, argument registers. */
export interface Step {
  readonly op: Operator;
  readonly args: readonly number[];
}

/** Registers: first the constants, then the symbols, then one per step. */
export interface Program {
  readonly constants: readonly number[];
  readonly symbols: readonly string[];
  readonly steps: readonly Step[];
  /** Register of each output, in the order asked. */
  readonly outputs: readonly number[];
}

/** Flattens expressions into a program; structurally equal nodes share a register. */
export function program(outputs: readonly Expr[]): Program {
  const constants: number[] = [];
  const symbols: string[] = [];
  const steps: Step[] = [];
  const byObject = new Map<Expr, string>();
  const byKey = new Set<string>();
  const number = (e: Expr): string => {
    let key = byObject.get(e);
    if (key !== undefined) return key;
    if (e.op === 'const') {
      key = Object.is(e.value, -0) ? 'c-0' : `c${e.value}`;
      if (!byKey.has(key)) constants.push(e.value);
      order.set(key, order.get(key) ?? { kind: 'c', index: constants.length - 1 });
    } else if (e.op === 'sym') {
      key = `s${e.name}`;
      if (!byKey.has(key)) symbols.push(e.name);
      order.set(key, order.get(key) ?? { kind: 's', index: symbols.length - 1 });
    } else {
      const args = e.args.map(number);
      const signature = `${e.op}(${args.join()})`;
      key = signatures.get(signature);
      if (key === undefined) {
        key = `t${steps.length}`;
        signatures.set(signature, key);
        order.set(key, { kind: 't', index: steps.length });
        pending.push(args);
        steps.push({ op: e.op, args: [] });
      }
    }
    byKey.add(key);
    byObject.set(e, key);
    return key;
  };
  const order = new Map<string, { kind: 'c' | 's' | 't'; index: number }>();
  const signatures = new Map<string, string>();
  const pending: string[][] = [];
  const results = outputs.map(number);
  const register = (key: string): number => {
    const { kind, index } = order.get(key)!;
    return kind === 'c'
      ? index
      : kind === 's'
        ? constants.length + index
        : constants.length + symbols.length + index;
  };
  return {
    constants,
    symbols,
    steps: steps.map((s, k) => ({ op: s.op, args: pending[k].map(register) })),
    outputs: results.map(register),
  };
}

const infix: Partial<Record<Operator, string>> = { add: '+', sub: '-', mul: '*', div: '/' };
const compare: Partial<Record<Operator, string>> = {
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  eq: '===',
  ne: '!==',
};

/**
 * A program as lines of JavaScript; `read(symbol)` is the text of a symbol. What only one branch of a `select`
 * needs, and is dear, is computed only when that branch is taken.
 */
export function toSource(
  p: Program,
  read: (symbol: string) => string,
): { lines: string[]; outputs: string[] } {
  const nc = p.constants.length;
  const base = nc + p.symbols.length;
  const name = (r: number): string =>
    r < nc ? literal(p.constants[r]) : r < base ? `s${r - nc}` : `t${r - base}`;
  const lines = p.symbols.map((symbol, k) => `const s${k} = ${read(symbol)};`);
  const { scopeOf, branches } = scopes(p);
  const waiting = new Map<Scope, number[]>();
  p.steps.forEach((_, k) => {
    const list = waiting.get(scopeOf[k]);
    if (list) list.push(k);
    else waiting.set(scopeOf[k], [k]);
    if (scopeOf[k].parent) lines.push(`let t${k} = 0;`);
  });
  const flush = (scope: Scope | undefined, limit: number): void => {
    const list = (scope && waiting.get(scope)) ?? [];
    while (list.length > 0 && list[0] < limit) emit(list.shift()!, scope!);
  };
  const emit = (k: number, scope: Scope): void => {
    const { op, args } = p.steps[k];
    const split = branches.get(k);
    if (split) {
      const mark = lines.push(`if (${name(args[0])} !== 0) {`);
      flush(split.then, k);
      const middle = lines.push('} else {');
      flush(split.otherwise, k);
      if (lines.length === middle && middle === mark + 1) lines.length = mark - 1;
      else lines.push('}');
    }
    lines.push(`${scope.parent ? '' : 'const '}t${k} = ${operation(op, args.map(name))};`);
  };
  flush(root, Number.POSITIVE_INFINITY);
  return { lines, outputs: p.outputs.map(name) };
}

/** A branch of a condition inside another scope; the root is always computed. */
interface Scope {
  readonly parent?: Scope;
  readonly depth: number;
}
const root: Scope = { depth: 0 };

/** What a step costs, in multiplications. */
const cost = (op: Operator): number =>
  op in infix || op in compare || op === 'neg' || op === 'select'
    ? op === 'div'
      ? 4
      : 1
    : op === 'abs'
      ? 1
      : 20;
/** Below this a branch is cheaper computed than skipped. */
const DEAR = 15;

function scopes(p: Program): {
  scopeOf: Scope[];
  branches: Map<number, { then: Scope | undefined; otherwise: Scope | undefined }>;
} {
  const base = p.constants.length + p.symbols.length;
  const scopeOf: (Scope | undefined)[] = p.steps.map(() => undefined);
  const inner = new Map<Scope, Map<string, Scope>>();
  const child = (parent: Scope, key: string): Scope => {
    let mine = inner.get(parent);
    if (!mine) inner.set(parent, (mine = new Map()));
    let scope = mine.get(key);
    if (!scope) mine.set(key, (scope = { parent, depth: parent.depth + 1 }));
    return scope;
  };
  const use = (register: number, scope: Scope): void => {
    if (register < base) return;
    const k = register - base;
    scopeOf[k] = scopeOf[k] === undefined ? scope : common(scopeOf[k], scope);
  };
  for (const output of p.outputs) use(output, root);
  for (let k = p.steps.length - 1; k >= 0; k--) {
    const { op, args } = p.steps[k];
    const scope = scopeOf[k] ?? root;
    args.forEach((register, position) => {
      const branch = op === 'select' && position > 0;
      use(register, branch ? child(scope, `${args[0]} ${position}`) : scope);
    });
  }
  const weight = new Map<Scope, number>();
  p.steps.forEach(({ op }, k) => {
    for (let s: Scope | undefined = scopeOf[k]; s?.parent; s = s.parent)
      weight.set(s, (weight.get(s) ?? 0) + cost(op));
  });
  const kept = (scope: Scope): Scope => {
    let deepest = scope;
    for (let s: Scope | undefined = scope; s?.parent; s = s.parent)
      if ((weight.get(s) ?? 0) < DEAR) deepest = s.parent;
    return deepest;
  };
  const final = scopeOf.map((s) => kept(s ?? root));
  const branches = new Map<number, { then: Scope | undefined; otherwise: Scope | undefined }>();
  p.steps.forEach(({ op, args }, k) => {
    if (op !== 'select') return;
    const mine = inner.get(scopeOf[k] ?? root);
    const worthy = (position: number): Scope | undefined => {
      const scope = mine?.get(`${args[0]} ${position}`);
      return scope && kept(scope) === scope ? scope : undefined;
    };
    const [then, otherwise] = [worthy(1), worthy(2)];
    if (then || otherwise) branches.set(k, { then, otherwise });
  });
  return { scopeOf: final, branches };
}

function common(a: Scope, b: Scope): Scope {
  while (a !== b) {
    if (a.depth >= b.depth && a.parent) a = a.parent;
    else if (b.parent) b = b.parent;
  }
  return a;
}

function literal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '(-Infinity)';
  return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? '-0' : value})` : `${value}`;
}

/** exp of anything below is 0 in float64. */
const VANISHES = -745.2;

function operation(op: Operator, [a, b, c]: string[]): string {
  if (infix[op]) return `${a} ${infix[op]} ${b}`;
  if (compare[op]) return `(${a} ${compare[op]} ${b} ? 1 : 0)`;
  switch (op) {
    case 'neg':
      return `-${a}`;
    case 'select':
      return `${a} !== 0 ? ${b} : ${c}`;
    case 'and':
      return `(${a} !== 0 && ${b} !== 0 ? 1 : 0)`;
    case 'or':
      return `(${a} !== 0 || ${b} !== 0 ? 1 : 0)`;
    case 'not':
      return `(${a} === 0 ? 1 : 0)`;
    case 'sgn':
      return `Math.sign(${a})`;
    case 'pow':
      return `${a.startsWith('(') || /^[a-z]/.test(a) ? a : `(${a})`} ** ${b}`;
    case 'limexp':
      return `${a} > 80 ? ${Math.exp(80)} * (${a} - 79) : ${a} < ${VANISHES} ? 0 : Math.exp(${a})`;
    case 'limexp1':
      return `${a} > 80 ? ${Math.exp(80)} : ${a} < ${VANISHES} ? 0 : Math.exp(${a})`;
    case 'mod':
    case 'nint':
    case 'round':
    case 'hypot':
      return `M.${op}(${[a, b].filter((x) => x !== undefined).join(', ')})`;
    default:
      return `Math.${op}(${[a, b].filter((x) => x !== undefined).join(', ')})`;
  }
}

/** Runs a program on a scratch of registers; for pages whose security policy forbids generated code. */
export function interpreter(p: Program): (read: (symbol: string) => number, out: Float64Array) => void {
  const nc = p.constants.length;
  const base = nc + p.symbols.length;
  const registers = new Float64Array(base + p.steps.length);
  registers.set(p.constants);
  return (read, out) => {
    for (let k = 0; k < p.symbols.length; k++) registers[nc + k] = read(p.symbols[k]);
    for (let k = 0; k < p.steps.length; k++) {
      const { op, args } = p.steps[k];
      registers[base + k] = apply(
        op,
        args.map((r) => registers[r]),
      );
    }
    for (let k = 0; k < p.outputs.length; k++) out[k] = registers[p.outputs[k]];
  };
}
