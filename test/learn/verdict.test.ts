// Which circuits equilibrium propagation is exact on, and who stands in the way on the others.
import { describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS } from '../../src/analysis/options.js';
import { settleByNewton } from '../../src/learn/settle.js';
import { describeVerdict, verdict } from '../../src/learn/verdict.js';
import { createWorkspace } from '../../src/solve/workspace.js';
import { amplifierChain, reciprocalNetwork, turingChain } from './circuits.js';
import { systemOf } from './decks.js';

function judged(deck: string) {
  const system = systemOf(deck);
  const workspace = createWorkspace();
  const { x } = settleByNewton(system, DEFAULT_OPTIONS, workspace);
  const found = verdict(system, DEFAULT_OPTIONS, workspace, x);
  const weightOf = (name: string) => found.weights[system.unknowns.findIndex((u) => u.name === name)];
  return { ...found, text: describeVerdict(found), weightOf };
}

describe('the verdict', () => {
  it('on resistors, inductors, capacitors, diodes, a tunnel diode and a transformer is: reciprocal', () => {
    const { symmetry, weights, plainAsymmetry, everywhere, charges, breaking, text } =
      judged(reciprocalNetwork);
    expect(symmetry).toBe('reciprocal');
    expect(weights.every((s) => s === 1)).toBe(true);
    expect(plainAsymmetry).toBeLessThan(1e-15);
    expect([everywhere, charges]).toEqual([true, true]);
    expect(breaking).toEqual([]);
    expect(text).toBe('reciprocal');
  });

  it('on inductors that are coupled is: reciprocal in G and in C', () => {
    const { symmetry, charges } = judged(
      'v1 a 0 1\nr1 a b 1k\nl1 b 0 1m\nl2 c 0 2m\nk1 l1 l2 0.7\nr2 c 0 1k\nc1 c 0 1n',
    );
    expect([symmetry, charges]).toEqual(['reciprocal', true]);
  });

  it('on a line between resistors is: reciprocal, for at rest it joins its ends', () => {
    const { symmetry, everywhere } = judged('v1 a 0 1\nr1 a b 50\nt1 b 0 c 0 z0=75 td=1n\nr2 c 0 100');
    expect([symmetry, everywhere]).toEqual(['reciprocal', true]);
  });

  it('on a FitzHugh–Nagumo cell drawn with tunnel diode and inductor is: reciprocal', () => {
    const { symmetry } = judged('c1 v 0 1\nb1 v 0 i={v(v)^3/3-v(v)}\nl1 v w 12.5\nr1 w z 0.8\nv1 z 0 -0.7');
    expect(symmetry).toBe('reciprocal');
  });

  it('on FitzHugh–Nagumo cells is: skew, +1 at every membrane and −1 at every recovery', () => {
    const found = judged(turingChain(6));
    expect(found.symmetry).toBe('skew');
    for (let k = 1; k <= 6; k++) {
      expect(found.weightOf(`v(v${k})`)).toBe(1);
      expect(found.weightOf(`v(w${k})`)).toBe(-1);
    }
    expect(found.asymmetry).toBe(0);
    expect(found.plainAsymmetry).toBeGreaterThan(0.01);
    expect([found.everywhere, found.charges]).toEqual([true, true]);
    expect(found.text).toBe('skew (Σ = ±1)');
    expect(found.breaking[0].devices).toEqual(['n1']);
  });

  it('on cells joined by a gyrator is: skew', () => {
    const { symmetry, weightOf } = judged(
      'i1 0 u 0.1\nb1 u 0 i={v(u)^3-0.2*v(u)}\ny1 u 0 w 0 gy\nr1 w 0 2\n.model gy gyrator g=0.5',
    );
    expect(symmetry).toBe('skew');
    expect(weightOf('v(w)')).toBe(-weightOf('v(u)'));
  });

  it('on amplifiers A forth and B back is: layer-weighted with S = (B/A)^ℓ, exactly', () => {
    const found = judged(amplifierChain(3, 4, 1 / 4));
    expect(found.symmetry).toBe('layer-weighted');
    for (let l = 0; l <= 3; l++) expect(found.weightOf(`v(n${l})`)).toBe((1 / 16) ** l);
    expect(found.asymmetry).toBe(0);
    expect(found.everywhere).toBe(true);
    expect(found.text).toBe('layer-weighted (S = 1, 0.0625, 0.003906, 0.0002441)');
  });

  it('is the same when the current back is sensed by a source in series, as SPICE must', () => {
    const found = judged(
      'v1 a 0 1\nr1 a b 1k\nr2 b 0 3k\ne1 x 0 b 0 4\nvs x y 0\nf1 b 0 vs -0.25\nr3 y z 500\nr4 z 0 2k',
    );
    expect(found.symmetry).toBe('layer-weighted');
    expect(found.weightOf('v(y)') / found.weightOf('v(b)')).toBe(-1 / 16);
    expect(found.weightOf('v(z)')).toBe(found.weightOf('v(y)'));
  });

  it('does not take a node for a mere joint when a third device hangs on it, conducting or not', () => {
    const found = judged(
      'v1 a 0 1\nr1 a b 1k\nr2 b 0 3k\ne1 x 0 b 0 4\nvs x y 0\nd1 0 x dm\nf1 b 0 vs -0.25\nr3 y 0 500\n.model dm d is=1e-14',
    );
    expect(found.symmetry).toBe('incompatible');
  });

  it('on amplifiers with A = B is: reciprocal, an ideal transformer', () => {
    expect(judged(amplifierChain(2, 4, 4)).symmetry).toBe('reciprocal');
  });

  it('on a lone VCVS is: not EP-compatible, by name', () => {
    const found = judged(amplifierChain(1, 4, 0));
    expect(found.symmetry).toBe('incompatible');
    expect(found.breaking).toEqual([{ unknowns: ['i(e0)', 'v(n0)'], devices: ['e0'] }]);
    expect(found.text).toBe('not EP-compatible: e0 between i(e0) and v(n0)');
  });

  it('names the device between the two unknowns, not those beside them', () => {
    const found = judged('v1 a 0 1\nr1 a b 1k\nr2 b 0 3k\ng1 c 0 b 0 1m\nr3 c d 1k\nr4 d 0 1k');
    expect(found.breaking).toEqual([{ unknowns: ['v(c)', 'v(b)'], devices: ['g1'] }]);
  });

  it('finds the cycle that disagrees, though every pair alone could be weighted', () => {
    const ring = (gain: string) => `v1 s 0 1\nr0 s a 1k\nr1 a b 1k\nr2 b c 1k\nr3 c a 1k\nr4 c 0 1k\n${gain}`;
    expect(judged(ring('')).symmetry).toBe('reciprocal');
    const found = judged(ring('g1 a 0 b 0 0.2m'));
    expect(found.symmetry).toBe('incompatible');
    expect(found.breaking).toEqual([{ unknowns: ['v(a)', 'v(b)'], devices: ['r1', 'g1'] }]);
  });

  it('says when the symmetry holds at this operating point only', () => {
    const found = judged('v1 a 0 0\nr1 a b 1k\nr2 b 0 3k\nb1 c 0 i={1m*v(b)^2}\nr3 c 0 1k');
    expect([found.symmetry, found.everywhere]).toEqual(['reciprocal', false]);
    expect(found.text).toBe('reciprocal, at this operating point');
  });
});
