// Nonlinear currents of many like instances as straight-line arithmetic for a kernel, which needs neither generated code
// nor a compiler that warms up to it.
import type { Operator } from '../expression/expression.js';
import { ARITHMETIC, type Straight, type StraightOperation, type StraightSymbol } from '../math/straight.js';
import type { BoundGroup } from './bind.js';
import { type Loop, locate, plan } from './loops.js';
import type { Nonlinear } from './system.js';

/** With fewer instances a loop of their own is as good. */
const WORTHWHILE = 16;

const SAME: ReadonlySet<Operator> = new Set<Operator & StraightOperation>(ARITHMETIC);
const POWERS: ReadonlyMap<number, StraightOperation> = new Map([
  [2, 'square'],
  [3, 'cube'],
]);

/** The law of all instances of a template, entries of f and of G by their places; undefined where something in it is not for the kernel. */
function straightOf(
  { group: { template: t }, block }: BoundGroup,
  mode: 'residual' | 'jacobian',
  placeOfG: (slot: number) => number,
): Straight | undefined {
  if (block.count < WORTHWHILE || t.currents.length === 0 || t.charges.length > 0) return undefined;
  const { program, writes } = plan(t, mode);
  const { constants, symbols, steps, outputs } = program;
  const operations: { op: StraightOperation; args: readonly number[] }[] = [];
  for (const { op, args } of steps) {
    if (SAME.has(op)) operations.push({ op: op as StraightOperation, args });
    else {
      const power = op === 'pow' ? POWERS.get(constants[args[1]]) : undefined;
      if (power === undefined) return undefined;
      operations.push({ op: power, args: [args[0]] });
    }
  }
  const where = locate(t);
  const { count, index, derived, slots } = block;
  const every = (table: Int32Array, at: number): Int32Array => {
    const stride = table.length / count;
    const found = new Int32Array(count);
    for (let k = 0; k < count; k++) found[k] = table[k * stride + at];
    return found;
  };
  const symbolOf = (name: string): StraightSymbol => {
    const { from, at } = where(name);
    if (from === 'time') return { time: true };
    if (from === 'x') return { slots: every(index, at) };
    const numbers = new Float64Array(count);
    for (let k = 0; k < count; k++) numbers[k] = derived[k * t.derived.length + at];
    return { numbers };
  };
  return {
    count,
    constants,
    symbols: symbols.map(symbolOf),
    operations,
    writes: writes.map(({ output, array, at, sign }) => ({
      register: outputs[output],
      slots: array === 'f' ? every(index, at) : every(slots, at).map(placeOfG),
      sign,
    })),
  };
}

/**
 * Residual and Jacobian of a group without junctions, G standing behind f from place `first` on; undefined where something
 * in it is not for the kernel.
 */
export function jacobianOf(bound: BoundGroup, first: number): Straight | undefined {
  if (bound.group.template.junctions.length > 0) return undefined;
  return straightOf(bound, 'jacobian', (slot) => first + slot);
}

/**
 * The residual of groups in two parts: what a kernel can add, and the loops of the rest. Rows ≥ n, which nobody solves
 * for, may be left out: all instances would wait there for each other.
 */
export function partsOf(groups: readonly BoundGroup[], n: number): Nonlinear['parts'] {
  const straight: Straight[] = [];
  const others: Loop[] = [];
  for (const bound of groups) {
    const law = straightOf(bound, 'residual', (slot) => slot);
    if (law)
      straight.push({ ...law, writes: law.writes.filter(({ slots }) => slots.some((slot) => slot < n)) });
    else others.push(bound.group.loops.residual(bound.block));
  }
  if (straight.length === 0) return undefined;
  const none = new Float64Array(0);
  return {
    straight,
    rest(x, t, f, q) {
      for (let k = 0; k < others.length; k++) others[k](x, t, f, q, none, none, none);
    },
  };
}
