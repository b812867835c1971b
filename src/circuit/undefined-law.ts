// Where a law has no value: the root of a negative voltage, a quotient by zero. Sought only when a solution has failed.
import { interpreter } from '../expression/program.js';
import type { BoundGroup } from './bind.js';
import { locate, plan } from './loops.js';
import type { System, UndefinedLaw, Variable } from './system.js';

/** The search over groups that have terms in f or q; `variableAt` names an entry of x, but for the constant 1 and ground. */
export function undefinedLaws(
  nonlinear: readonly BoundGroup[],
  variableAt: (slot: number) => Variable | undefined,
): NonNullable<System['undefinedLaw']> {
  return (x, t) => {
    for (const one of nonlinear) {
      const found = firstOf(one, variableAt, x, t);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function firstOf(
  { group: { template, elements }, block }: BoundGroup,
  variableAt: (slot: number) => Variable | undefined,
  x: Float64Array,
  t: number,
): UndefinedLaw | undefined {
  const { program, writes } = plan(template, 'jacobian');
  const where = locate(template);
  const run = interpreter(program);
  const out = new Float64Array(program.outputs.length);
  const parameters = template.derived.length;
  const slots = program.symbols.map(where).flatMap(({ from, at }) => (from === 'x' ? [at] : []));
  for (let k = 0; k < block.count; k++) {
    const slotOf = (local: number): number => block.index[k * template.locals.length + local];
    run((name) => {
      const { from, at } = where(name);
      if (from === 'time') return t;
      return from === 'derived' ? block.derived[k * parameters + at] : x[slotOf(at)];
    }, out);
    const bad = writes.find(({ output }) => !Number.isFinite(out[output]));
    if (bad === undefined) continue;
    const at = [...new Set(slots.map(slotOf))].flatMap((slot) => {
      const name = variableAt(slot)?.name;
      return name === undefined ? [] : [{ name, value: x[slot] }];
    });
    return {
      device: elements[k].name,
      isSlope: bad.array === 'G' || bad.array === 'C',
      value: out[bad.output],
      at,
    };
  }
  return undefined;
}
