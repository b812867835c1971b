// c(x, p, t), ∂c/∂x, ∂²c/∂x² and ∂c/∂p of functionals.
import { describe, expect, test } from 'vitest';
import type { Element } from '../../src/circuit/circuit.js';
import { type Compiled, type CompileOptions, compile } from '../../src/circuit/compile.js';
import type { Functional, System } from '../../src/circuit/system.js';
import { add, call, constant, mul, square, sub, symbol } from '../../src/expression/build.js';
import type { Expr } from '../../src/expression/expression.js';
import { seeded } from '../devices/stand.js';
import { circuitOf, slope } from './bench.js';

const element = (kind: string, name: string, nodes: string[], values: Element['values'] = {}): Element => ({
  kind,
  name,
  nodes,
  values,
});

const elements: readonly Element[] = [
  element('voltage-source', 'v1', ['in', '0'], { dc: 1 }),
  element('resistor', 'r1', ['in', 'a'], { r: 2, tc1: 1e-3 }),
  { ...element('diode', 'd1', ['a', 'b']), model: 'dm' },
  { ...element('diode', 'd2', ['b', '0']), model: 'dc' },
  element('resistor', 'r2', ['b', '0'], { r: 3 }),
  element('inductor', 'l1', ['a', 'c'], { l: 1 }),
  element('capacitor', 'c1', ['c', '0'], { c: 1 }),
  element('resistor', 'r3', ['c', '0'], { r: 5 }),
  {
    ...element('behavioural-current', 'b1', ['c', '0']),
    expressions: { i: mul(symbol('gain'), call('tanh', sub(symbol('v(a)'), symbol('i(l1)')))) },
  },
];

const circuit = circuitOf(elements, {
  parameters: new Map<string, number>([
    ['gain', 1.5],
    ['target', 0.3],
  ]),
  models: new Map([
    ['dm', { name: 'dm', type: 'd', values: { is: 1e-9, rs: 0.1, n: 1.2 } }],
    ['dc', { name: 'dc', type: 'd', values: { is: 1e-9, cjo: 1e-9 } }],
  ]),
});

const v = (node: string): Expr => symbol(`v(${node})`);
const i = (name: string): Expr => symbol(`i(${name})`);
const squaredError = mul(constant(0.5), square(sub(v('b'), symbol('target'))));

const compiled = (options?: CompileOptions): Compiled => compile(circuit, options);

function point(system: System, seed = 5): Float64Array {
  const random = seeded(seed);
  const x = Float64Array.from({ length: system.size }, () => 0.6 * (2 * random() - 1));
  x[system.size - 2] = 1;
  x[system.size - 1] = 0;
  return x;
}

const gradientOf = (c: Functional, system: System, x: Float64Array, t = 0): Float64Array => {
  const gradient = new Float64Array(system.size);
  c.addGradient(x, t, 1, gradient);
  return gradient;
};

const moved = (x: Float64Array, k: number, value: number): Float64Array => {
  const copy = x.slice();
  copy[k] = value;
  return copy;
};

const many: readonly (readonly [string, Expr])[] = [
  ['a squared error', squaredError],
  ['a power', mul(sub(v('in'), v('a')), i('r1'))],
  ['a product of a voltage and an unknown current', mul(v('c'), i('l1'))],
  ['the current of a diode', i('d1')],
  ['the square of a behavioural current', square(i('b1'))],
  ['a function of time', mul(call('sin', symbol('time')), call('exp', v('a')))],
  ['a voltage inside a diode', square(symbol('inner(d1)'))],
  ['all at once', add(mul(i('d2'), v('a')), call('tanh', mul(i('r2'), i('d1'))))],
];

describe.each(many)('%s', (_, expression) => {
  const system = compiled().bind();
  const c = compiled().functional(compiled().bind(), expression);
  const x = point(system);
  const t = 0.4;

  test('has the gradient and the Hessian that differences give', () => {
    const gradient = gradientOf(c, system, x, t);
    const hessian = new Float64Array(c.hessianRow.length);
    c.hessian(x, t, hessian);
    for (let k = 0; k < system.size - 2; k++) {
      const g = slope((p) => c.value(moved(x, k, p), t), x[k], 1e-4);
      expect(Math.abs(gradient[k] - g), `∂c/∂x[${k}]`).toBeLessThanOrEqual(1e-8 * (Math.abs(g) + 1));
      for (let l = 0; l < system.size - 2; l++) {
        const h = slope((p) => gradientOf(c, system, moved(x, k, p), t)[l], x[k], 1e-4);
        const exact = hessian.reduce(
          (sum, entry, e) => (c.hessianRow[e] === l && c.hessianCol[e] === k ? sum + entry : sum),
          0,
        );
        expect(Math.abs(exact - h), `∂²c/∂x[${l}]∂x[${k}]`).toBeLessThanOrEqual(1e-7 * (Math.abs(h) + 1));
      }
    }
  });
});
