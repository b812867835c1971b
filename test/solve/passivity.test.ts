// What passes for passive is passive, and active circuits never pass.
import { describe, expect, it } from 'vitest';
import { createCircuit } from '../../src/circuit/builder.js';
import { compile } from '../../src/circuit/compile.js';
import { evidentlyPassive } from '../../src/solve/passivity.js';

function passive(build: (c: ReturnType<typeof createCircuit>) => void): boolean {
  const c = createCircuit('test');
  build(c);
  const system = compile(c.build()).bind();
  const [G, C] = [new Float64Array(system.slots), new Float64Array(system.slots)];
  system.evaluate(
    new Float64Array(system.size),
    0,
    new Float64Array(system.size),
    new Float64Array(system.charges),
    G,
    C,
  );
  return evidentlyPassive(system, G, C);
}

describe('passivity read off the matrices', () => {
  it('sees positive R, L, C, floating or grounded', () => {
    expect(
      passive((c) => {
        c.add('V1', ['in', '0'], { dc: 1 });
        c.add('R1', ['in', 'a'], { r: 50 });
        c.add('L1', ['a', 'b'], { l: 1e-9 });
        c.add('C1', ['b', '0'], { c: 1e-12 });
        c.add('C2', ['a', 'b'], { c: 1e-12 });
        c.add('R2', ['b', '0'], { r: 1e3 });
      }),
    ).toBe(true);
  });

  it('does not vouch for a negative resistance, nor for a one-way amplifier', () => {
    const loaded = (r: number, gain: number) => (c: ReturnType<typeof createCircuit>) => {
      c.add('R1', ['a', '0'], { r });
      c.add('C1', ['a', '0'], { c: 1 });
      c.add('R2', ['b', '0'], { r: 1 });
      c.add('C2', ['b', '0'], { c: 1 });
      c.add('G1', ['b', '0', 'a', '0'], { gain });
    };
    expect(passive(loaded(1, 0))).toBe(true);
    expect(passive(loaded(-1, 0))).toBe(false);
    expect(passive(loaded(1, 5))).toBe(false);
  });
});
