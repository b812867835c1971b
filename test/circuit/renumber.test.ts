import { describe, expect, it } from 'vitest';
import { compile } from '../../src/circuit/compile.js';
import { renumber } from '../../src/circuit/renumber.js';
import { parseDeck } from '../../src/netlist/parse.js';

const { circuit } = parseDeck(`renumbered
.model shared d(is=1f n=1.5)
V1 in 0 1
R1 in a 1k
D1 a b shared
D2 b 0 shared
.op
.end
`);

/** f at a fixed point: every law at once. */
function currents(of: typeof circuit, values?: ReadonlyMap<string, number>): Float64Array {
  const system = compile(of).bind(values ? { values } : {});
  const x = Float64Array.from({ length: system.size }, (_, k) => 0.3 * Math.cos(k));
  const f = new Float64Array(system.size);
  system.evaluate(x, 0, f, new Float64Array(system.charges));
  return f;
}

describe('a circuit with other numbers on its cards', () => {
  const values = new Map([
    ['r1.r', 2e3],
    ['d1.is', 1e-12],
    ['d2.area', 3],
  ]);

  it('obeys the laws of the circuit whose numbers were overridden', () => {
    expect(currents(renumber(circuit, values))).toEqual(currents(circuit, values));
    expect(currents(circuit, values)).not.toEqual(currents(circuit));
  });

  it('gives an element a model of its own when only a model can hold the number; others keep theirs', () => {
    const { elements, models } = renumber(circuit, values);
    expect(elements.map((e) => e.model)).toEqual([undefined, undefined, 'shared_d1', 'shared']);
    expect(models.get('shared')).toBe(circuit.models.get('shared'));
  });
});
