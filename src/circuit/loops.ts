// A template's nonlinear part as loops over all its instances: values into f and q, partials into G and C.
// Printed as JavaScript where generated code is allowed, interpreted where it is not.
import { meaning } from '../expression/evaluate.js';
import type { Expr } from '../expression/expression.js';
import { interpreter, type Program, program, toSource } from '../expression/program.js';
import { extended, GROUND, type NonlinearTerm, symbolOf, type Template, unlimited } from './template.js';

/** Numbers of a template's instances, interleaved by instance. */
export interface Block {
  readonly count: number;
  /** Slots in x of the locals, `stride` = locals + 1 a piece; the last is ground's. */
  readonly index: Int32Array;
  /** Derived parameters. */
  readonly derived: Float64Array;
  /** Where the partials go in G and C, in the order of `partialEntries`. */
  readonly slots: Int32Array;
  /** First of the block's nonlinear charges in q. */
  readonly firstCharge: number;
  /** First of the block's junctions. */
  readonly firstJunction: number;
}

export type Loop = (
  x: Float64Array,
  t: number,
  f: Float64Array,
  q: Float64Array,
  G: Float64Array,
  C: Float64Array,
  limited: Float64Array,
) => void;

export interface Loops {
  residual(block: Block): Loop;
  /** Charges only. */
  charges(block: Block): Loop;
  jacobian(block: Block): Loop;
  /** Residual and Jacobian at limited junction voltages. */
  limited(block: Block): Loop;
}

/** (row local, column local) of every partial in the order in which the loops write them: currents first, then charges. */
export function partialEntries(t: Template): { matrix: 'G' | 'C'; row: number; column: number }[] {
  const of = (terms: readonly NonlinearTerm[], matrix: 'G' | 'C') =>
    terms.flatMap((term) =>
      term.partials.flatMap(({ local }) => rowsOf(term).map(({ row }) => ({ matrix, row, column: local }))),
    );
  return [...of(t.currents, 'G'), ...of(t.charges, 'C')];
}

function rowsOf(term: NonlinearTerm): { row: number; sign: 1 | -1 }[] {
  const rows: { row: number; sign: 1 | -1 }[] = [];
  if (term.plus !== GROUND) rows.push({ row: term.plus, sign: 1 });
  if (term.minus !== GROUND) rows.push({ row: term.minus, sign: -1 });
  return rows;
}

/** One write of a loop: output k of the program goes to array[index], with a sign. */
interface Write {
  readonly output: number;
  readonly array: 'f' | 'q' | 'G' | 'C';
  /** A local for f, a charge for q, a position in `slots` for G and C. */
  readonly at: number;
  readonly sign: 1 | -1;
}

export interface Plan {
  readonly program: Program;
  readonly writes: readonly Write[];
}

type Mode = 'residual' | 'charges' | 'jacobian' | 'limited';

export function plan(t: Template, mode: Mode): Plan {
  const plain = unlimited(t);
  const at = (e: Expr): Expr => (mode === 'limited' ? e : plain(e));
  const outputs: Expr[] = [];
  const writes: Write[] = [];
  const value = (term: NonlinearTerm): Expr => (mode === 'limited' ? extended(t, term) : at(term.value));
  for (const term of mode === 'charges' ? [] : t.currents) {
    outputs.push(value(term));
    for (const { row, sign } of rowsOf(term))
      writes.push({ output: outputs.length - 1, array: 'f', at: row, sign });
  }
  t.charges.forEach((term, k) => {
    outputs.push(value(term));
    writes.push({ output: outputs.length - 1, array: 'q', at: k, sign: 1 });
  });
  if (mode === 'jacobian' || mode === 'limited') {
    let slot = 0;
    for (const [terms, array] of [
      [t.currents, 'G'],
      [t.charges, 'C'],
    ] as const) {
      for (const term of terms) {
        for (const partial of term.partials) {
          outputs.push(at(partial.value));
          for (const { sign } of rowsOf(term))
            writes.push({ output: outputs.length - 1, array, at: slot++, sign });
        }
      }
    }
  }
  return { program: program(outputs), writes };
}

export function makeLoops(t: Template): Loops {
  const made = new Map<string, (block: Block) => Loop>();
  const loop =
    (mode: Mode) =>
    (block: Block): Loop => {
      const key = mode === 'limited' && t.junctions.length === 0 ? 'jacobian' : mode;
      let make = made.get(key);
      if (make === undefined) made.set(key, (make = build(t, plan(t, key as typeof mode))));
      return make(block);
    };
  return {
    residual: loop('residual'),
    charges: loop('charges'),
    jacobian: loop('jacobian'),
    limited: loop('limited'),
  };
}

function build(t: Template, p: Plan): (block: Block) => Loop {
  try {
    return printed(t, p);
  } catch (error) {
    if (error instanceof EvalError) return interpreted(t, p);
    throw error;
  }
}

/** Where a program symbol is found: a local, a derived parameter, a junction, or time. */
export function locate(
  t: Template,
): (name: string) => { from: 'x' | 'derived' | 'limited' | 'time'; at: number } {
  const localByName = new Map(t.locals.map((l, k) => [symbolOf(l), k]));
  const junctionByName = new Map(t.junctions.map((j, k) => [`l:${j.name}`, k]));
  return (name) => {
    if (name === 'time') return { from: 'time', at: 0 };
    if (name.startsWith('d:')) return { from: 'derived', at: Number(name.slice(2)) };
    if (name.startsWith('l:')) return { from: 'limited', at: junctionByName.get(name)! };
    return { from: 'x', at: localByName.get(name)! };
  };
}

function printed(t: Template, { program: p, writes }: Plan): (block: Block) => Loop {
  const where = locate(t);
  const { lines, outputs } = toSource(p, (name) => {
    const { from, at } = where(name);
    if (from === 'time') return 't';
    if (from === 'derived') return `D[d + ${at}]`;
    if (from === 'limited') return `limited[j + ${at}]`;
    return `x[I[i + ${at}]]`;
  });
  const body = writes.map(({ output, array, at, sign }) => {
    const op = sign > 0 ? '+=' : '-=';
    if (array === 'q') return `q[c + ${at}] = ${outputs[output]};`;
    if (array === 'f') return `f[I[i + ${at}]] ${op} ${outputs[output]};`;
    return `${array}[S[s + ${at}]] ${op} ${outputs[output]};`;
  });
  const slots = writes.filter((w) => w.array === 'G' || w.array === 'C').length;
  const source = `'use strict';
return (count, I, D, S, firstCharge, firstJunction) => (x, t, f, q, G, C, limited) => {
  for (let k = 0, i = 0, d = 0, s = 0, c = firstCharge, j = firstJunction; k < count; k++) {
    ${lines.join('\n    ')}
    ${body.join('\n    ')}
    i += ${t.locals.length}; d += ${t.derived.length}; s += ${slots}; c += ${t.charges.length}; j += ${t.junctions.length};
  }
};`;
  const factory = new Function('M', source)(meaning) as (
    count: number,
    I: Int32Array,
    D: Float64Array,
    S: Int32Array,
    firstCharge: number,
    firstJunction: number,
  ) => Loop;
  return (b) => factory(b.count, b.index, b.derived, b.slots, b.firstCharge, b.firstJunction);
}

function interpreted(t: Template, { program: p, writes }: Plan): (block: Block) => Loop {
  const where = locate(t);
  const run = interpreter(p);
  const out = new Float64Array(p.outputs.length);
  const slots = writes.filter((w) => w.array === 'G' || w.array === 'C').length;
  return (b) => (x, time, f, q, G, C, limited) => {
    for (let k = 0; k < b.count; k++) {
      const i = k * t.locals.length;
      run((name) => {
        const { from, at } = where(name);
        if (from === 'time') return time;
        if (from === 'derived') return b.derived[k * t.derived.length + at];
        if (from === 'limited') return limited[b.firstJunction + k * t.junctions.length + at];
        return x[b.index[i + at]];
      }, out);
      for (const { output, array, at, sign } of writes) {
        const value = sign * out[output];
        if (array === 'q') q[b.firstCharge + k * t.charges.length + at] = out[output];
        else if (array === 'f') f[b.index[i + at]] += value;
        else (array === 'G' ? G : C)[b.slots[k * slots + at]] += value;
      }
    }
  };
}

/** Derived parameters of all instances from raw ones, both interleaved by instance. */
export function makeDerivation(
  t: Template,
): (count: number, raw: Float64Array, derived: Float64Array) => void {
  const p = program(t.derived);
  const position = new Map(t.raw.map((name, k) => [`p:${name}`, k]));
  try {
    const { lines, outputs } = toSource(p, (name) => `R[r + ${position.get(name)}]`);
    return new Function(
      'M',
      `'use strict';
return (count, R, D) => {
  for (let k = 0, r = 0, d = 0; k < count; k++, r += ${t.raw.length}, d += ${t.derived.length}) {
    ${lines.join('\n    ')}
    ${outputs.map((o, k) => `D[d + ${k}] = ${o};`).join('\n    ')}
  }
};`,
    )(meaning) as (count: number, raw: Float64Array, derived: Float64Array) => void;
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    const run = interpreter(p);
    return (count, raw, derived) => {
      for (let k = 0; k < count; k++) {
        const out = derived.subarray(k * t.derived.length, (k + 1) * t.derived.length);
        run((name) => raw[k * t.raw.length + position.get(name)!], out);
      }
    };
  }
}
