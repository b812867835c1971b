// `uic`: every charge at t = 0 from IC= on its own element, else from the voltages of its nodes, which are those of
// `.ic`, of a grounded element's IC=, or zero. (SPICE takes zero for a capacitor beside one that has IC=.)
import { evaluate } from '../expression/evaluate.js';
import { type BoundGroup, type Numbered, parameter } from './bind.js';
import { GROUND, symbolOf, unlimited } from './template.js';
import { number } from './values.js';

export function initialCharges(
  numbered: Numbered,
  x: Float64Array,
  rows: Float64Array,
  q: Float64Array,
): void {
  guess(numbered, x);
  rows.fill(0);
  for (const one of numbered.bound) {
    const { template } = one.group;
    const { block } = one;
    const stride = template.locals.length;
    const plain = unlimited(template);
    const local = new Float64Array(stride);
    const charges = template.charges.map((term) => plain(term.value));
    for (let k = 0; k < block.count; k++) {
      startingLocals(numbered, one, k, x, local);
      for (const term of template.linear) {
        if (term.matrix !== 'C' || term.column < 0) continue;
        const charge = block.derived[k * template.derived.length + term.coefficient] * local[term.column];
        if (term.plus !== GROUND) rows[block.index[k * stride + term.plus]] += charge;
        if (term.minus !== GROUND) rows[block.index[k * stride + term.minus]] -= charge;
      }
      charges.forEach((e, c) => {
        q[block.firstCharge + k * charges.length + c] = evaluate(e, (symbol) => {
          if (symbol.startsWith('d:'))
            return block.derived[k * template.derived.length + Number(symbol.slice(2))];
          if (symbol === 'time') return 0;
          return local[template.locals.findIndex((l) => symbolOf(l) === symbol)];
        });
      });
    }
  }
}

/** The unknowns of x before the charges are known. */
export function guess(numbered: Numbered, x: Float64Array): void {
  const { structure, lookup } = numbered;
  const { circuit, layout } = structure;
  x.fill(0, 0, layout.n);
  for (const [node, value] of circuit.initialConditions) {
    const slot = layout.slotOfNode(node);
    if (slot !== undefined && slot < layout.n) x[slot] = number(value, lookup);
  }
  for (const { slot, value } of groundedStarts(numbered)) x[slot] = value;
}

/** IC= of a grounded capacitor, an inductor or a cell, which is also the first guess of its node or current. */
export function groundedStarts({ structure, bound, lookup, binding }: Numbered): {
  readonly slot: number;
  readonly value: number;
  readonly element: number;
  readonly name: string;
}[] {
  const { n, ground } = structure.layout;
  const starts: { slot: number; value: number; element: number; name: string }[] = [];
  for (const { group, block } of bound) {
    const stride = group.template.locals.length;
    for (const { parameter: name, plus, minus } of group.template.initial) {
      for (let k = 0; k < block.count; k++) {
        const element = group.members[k];
        const value = parameter(structure, element, name, lookup, binding);
        if (Number.isNaN(value) || plus === GROUND) continue;
        const slot = block.index[k * stride + plus];
        const other = minus === GROUND ? ground : block.index[k * stride + minus];
        if (slot < n && other === ground) starts.push({ slot, value, element, name });
      }
    }
  }
  return starts;
}

/** local := what instance k of a group begins with: x, and its own IC= where it has one. */
export function startingLocals(
  { structure, lookup, binding }: Numbered,
  { group, block }: BoundGroup,
  k: number,
  x: Float64Array,
  local: Float64Array,
): void {
  const stride = group.template.locals.length;
  for (let j = 0; j < stride; j++) local[j] = x[block.index[k * stride + j]];
  for (const { parameter: name, plus, minus } of group.template.initial) {
    const value = parameter(structure, group.members[k], name, lookup, binding);
    if (Number.isNaN(value)) continue;
    if (plus !== GROUND) local[plus] = (minus === GROUND ? 0 : local[minus]) + value;
    else if (minus !== GROUND) local[minus] = -value;
  }
}
