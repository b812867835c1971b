// Expressions of phasors by their real parts are what complex arithmetic says, and have slopes.
import { describe, expect, it } from 'vitest';
import type { Complex } from '../../src/expression/complex-arithmetic.js';
import { derivative } from '../../src/expression/derivative.js';
import { evaluate } from '../../src/expression/evaluate.js';
import type { Expr } from '../../src/expression/expression.js';
import { readingOf, realised } from '../../src/expression/phasor.js';
import { evaluateComplex } from '../../src/output/complex.js';
import { deck } from '../netlist/support.js';

const circuit = 'v1 a 0 1\nr1 a b 1k\nr2 b 0 1k\n.param k=2\n';
const saved = (text: string): Expr => deck(`${circuit}.save {${text}}\n.ac lin 1 1 1`).saves[0].expr;

const phasors: Readonly<Record<string, Complex>> = {
  'v(a)': [0.8, -0.3],
  'v(b)': [-0.4, 0.6],
  'i(v1)': [-1e-3, 2e-3],
};
/** The meaning of a symbol for `.save`: phasors, and real parts of them. */
const lookup = (name: string): Complex => {
  const reading = readingOf(name);
  if (reading === undefined) return [name === 'k' ? 2 : 1e3, 0];
  const [a, b] = [phasors[reading.plus], reading.minus ? phasors[reading.minus] : ([0, 0] as const)];
  const [re, im] = [a[0] - b[0], a[1] - b[1]];
  switch (reading.part) {
    case '':
      return [re, im];
    case 'r':
      return [re, 0];
    case 'i':
      return [im, 0];
    case 'm':
      return [Math.hypot(re, im), 0];
    case 'p':
      return [Math.atan2(im, re), 0];
    case 'db':
      return [20 * Math.log10(Math.hypot(re, im)), 0];
  }
};

describe('a real expression of phasors', () => {
  it.each([
    'vdb(b)',
    'vm(a,b)',
    'vp(a,b)*k',
    'im(v1)/ir(v1)+ii(v1)',
    'abs(v(b)/v(a))',
    'abs(v(a,b)*i(v1))+hertz',
    'abs(1/(1+k*v(a)))',
    'abs(log(v(b)))',
    'abs(log10(v(a)*v(b)))',
    'abs(exp(v(a)-v(b)))',
    'abs(sqrt(v(b)))',
    'abs(v(b)**3.5)',
    'abs(v(b)**2-v(a)**3)',
    'max(vm(a),vm(b))',
    'abs(-v(a)/k)',
  ])('%s', (text) => {
    const e = saved(text);
    const real = realised(e);
    if ('code' in real) throw new Error(real.message);
    const symbolOf = (name: string): number => lookup(name)[0];
    const [re, im] = evaluateComplex(e, lookup);
    expect(im).toBe(0);
    expect(evaluate(real, symbolOf)).toBeCloseTo(re, 13);
    for (const name of ['vr(a)', 'vi(a)', 'vr(b)', 'vi(b)']) {
      const slope = evaluate(derivative(real, name), symbolOf);
      const at = (h: number): number => evaluate(real, (s) => symbolOf(s) + (s === name ? h : 0));
      expect(slope).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 7);
    }
  });

  it.each([
    ['v(a)', 'complex-value'],
    ['v(a)-vm(b)', 'complex-value'],
    ['exp(v(a))', 'complex-value'],
    ['max(v(a),1)', 'no-phasor-function'],
    ['abs(sin(v(a)))', 'no-phasor-function'],
  ])('%s is none', (text, code) => {
    expect(realised(saved(text))).toMatchObject({ code, hint: expect.stringMatching(/vm\(\)/) });
  });
});
