// The network whose matrices are Gᵀ and Cᵀ: its impedances are the transposed ones (Director and Rohrer, 1969).
import { describe, expect, it } from 'vitest';
import { ac } from '../../src/analysis/ac.js';
import { op } from '../../src/analysis/op.js';
import { createCircuit } from '../../src/circuit/builder.js';
import type { Circuit } from '../../src/circuit/circuit.js';
import { compile } from '../../src/circuit/compile.js';
import { transpose } from '../../src/dual/dual.js';
import { InputError } from '../../src/errors.js';
import { options } from '../support/run.js';

/** Every linear row of the table. */
const table = createCircuit('every linear element')
  .add('R1', 'a b', 3)
  .add('C1', 'b 0', 0.7)
  .add('R2', 'a 0', 5)
  .add('L1', 'b c', 0.8)
  .add('L2', 'd 0', 1.9)
  .add('K1', '', { k: 0.6, controls: ['l1', 'l2'] })
  .add('R3', 'c d', 2)
  .add('V1', 'd e', {})
  .add('R4', 'e 0', 4)
  .add('I1', 'e 0', { dc: 3 })
  .add('E1', 'f 0 b c', 2.5)
  .add('R5', 'f g', 1.5)
  .add('R6', 'g 0', 2.2)
  .add('G1', 'g 0 a e', 0.4)
  .add('F1', 'h a', { gain: 1.7, controls: ['v1'] })
  .add('R7', 'h 0', 0.9)
  .add('H1', 'i h', { gain: 0.6, controls: ['v1'] })
  .add('H2', 'p q', { gain: -1.1, controls: ['v1'] })
  .add('R8', 'i j', 1.2)
  .model('gy', 'gyrator', { g: 0.8 })
  .add('Y1', 'j 0 k 0', { model: 'gy' })
  .add('C2', 'k 0', 1.3)
  .add('R9', 'k 0', 6)
  .model('tr', 'transformer', { n: 1.4 })
  .add('Y2', 'k 0 p 0', { model: 'tr' })
  .add('R10', 'q a', 2.7)
  .add('C3', 'q 0', { q: '0.3*(v(q)-v(g))' })
  .add('B1', 'g 0', { i: '0.2*v(q)+0.1*i(l2)+0.3*i(y2)' })
  .add('B2', 'r 0', { v: '0.3*v(q)+0.2*i(b2)+0.1*i(e1)' })
  .add('R11', 'r a', 1.9)
  .add('R12', 'p 0', 8)
  .build();
const nodes = [...new Set(table.elements.flatMap((element) => element.nodes))].filter((n) => n !== '0');

/** Z[i][j]: the voltage of node i for a current of 1 A into node j, everything else at rest. */
function impedances(circuit: Circuit, omega: number): { re: number; im: number }[][] {
  const columns = nodes.map((node) => {
    const probed = {
      ...circuit,
      elements: [
        ...circuit.elements.filter((element) => element.kind !== 'current-source'),
        { kind: 'current-source', name: 'i_probe', nodes: ['0', node], values: { dc: 1, acmag: 1 } },
      ],
    };
    const compiled = compile(probed);
    const system = compiled.bind();
    const probes = nodes.map((n) => compiled.probe(system, `v(${n})`)!);
    const tight = options({ reltol: 1e-14, vntol: 1e-16, abstol: 1e-18 });
    if (omega === 0) return op(system, probes, tight).columns.map((c) => ({ re: c.values[0], im: 0 }));
    const f = omega / (2 * Math.PI);
    const data = ac(system, probes, { variation: 'lin', points: 1, fstart: f, fstop: f }, tight);
    return data.columns.map((c) => ({ re: c.values[0], im: c.imaginary![0] }));
  });
  return nodes.map((_, i) => columns.map((column) => column[i]));
}

describe('the transposed network', () => {
  const other = transpose(table);

  it.each([0, 0.3, 1, 7, 200])('has the transposed impedances at ω = %s', (omega) => {
    const Z = impedances(table, omega);
    const T = impedances(other, omega);
    const size = Math.max(...Z.flat().map(({ re, im }) => Math.hypot(re, im)));
    let asymmetry = 0;
    for (let i = 0; i < nodes.length; i++) {
      for (let j = 0; j < nodes.length; j++) {
        const apart = Math.hypot(T[i][j].re - Z[j][i].re, T[i][j].im - Z[j][i].im);
        expect(apart / size).toBeLessThan(1e-12);
        asymmetry = Math.max(asymmetry, Math.hypot(Z[i][j].re - Z[j][i].re, Z[i][j].im - Z[j][i].im));
      }
    }
    expect(asymmetry / size).toBeGreaterThan(0.1);
  });

  it('transposed again is the network', () => {
    const Z = impedances(table, 1);
    const back = impedances(transpose(other), 1);
    Z.flat().forEach(({ re, im }, k) => {
      expect(Math.hypot(back.flat()[k].re - re, back.flat()[k].im - im)).toBeLessThan(1e-11);
    });
  });

  it('exchanges the ports of controlled sources and turns gains μ and α into −μ and −α of the other kind', () => {
    const find = (kind: string) =>
      other.elements
        .filter((element) => element.kind === kind)
        .map(({ nodes: at, values }) => [at.join(' '), values.gain ?? values.g]);
    expect(find('cccs')).toContainEqual(['b c', -2.5]);
    expect(find('vccs')).toContainEqual(['a e g 0', 0.4]);
    expect(find('vcvs').map(([, gain]) => gain)).toContain(-1.7);
    expect(find('ccvs').map(([, gain]) => gain)).toEqual(expect.arrayContaining([0.6, -1.1]));
    expect(find('gyrator')).toEqual([['j 0 k 0', -0.8]]);
    expect(other.elements.filter((element) => element.kind === 'current-source')).toEqual([]);
  });

  it('of reciprocal elements is made of the same elements', () => {
    const ladder = createCircuit('ladder')
      .add('R1', 'a b', 50)
      .add('L1', 'b c', 1e-3)
      .add('L2', 'd 0', 1e-3)
      .add('K1', '', { k: 0.5, controls: ['l1', 'l2'] })
      .add('C1', 'c d', 1e-9)
      .add('T1', 'd 0 e 0', { z0: 50, td: 1e-9 })
      .add('R2', 'e 0', 50)
      .build();
    expect(new Set(transpose(ladder).elements)).toEqual(new Set(ladder.elements));
  });

  it('does not exist without the original where an element is not linear', () => {
    const rectifier = createCircuit('rectifier')
      .model('d', 'd')
      .add('D1', 'a 0', { model: 'd' })
      .add('R1', 'a 0', 1)
      .build();
    expect(() => transpose(rectifier)).toThrow(InputError);
    expect(() => transpose(rectifier)).toThrow(/d1 .*not linear/);
  });
});
