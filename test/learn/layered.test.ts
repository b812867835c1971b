// Dyadic backpropagation in layered nets: bit-exact in 2L steps, the law of its delays, and what splitting costs.
import { describe, expect, it } from 'vitest';
import { coupledCopies, meanStress, splitCopies } from '../../src/learn/dyadic/layered.js';
import {
  type Activation,
  backpropagation,
  blank,
  type Example,
  type LayeredGradient,
  type LayeredNet,
  type Layers,
  RELU,
  TANH,
  type Vector,
} from '../../src/learn/dyadic/net.js';
import { createRandom } from '../../src/math/random.js';

type Precision = typeof Float64Array | typeof Float32Array;

function randomNet(widths: readonly number[], activation: Activation, precision: Precision = Float64Array) {
  const random = createRandom(widths.length);
  const normals = (count: number, scale: number): Vector =>
    new precision(Array.from({ length: count }, () => scale * random.normal()));
  const layers = widths.slice(1);
  const net: LayeredNet = {
    widths,
    activation,
    weights: layers.map((width, l) => normals(width * widths[l], 1 / Math.sqrt(widths[l]))),
    biases: layers.map((width) => normals(width, 0.1)),
  };
  const goal = normals(widths[widths.length - 1], 1);
  const example: Example = {
    input: normals(widths[0], 1),
    slope(output, out) {
      for (let i = 0; i < out.length; i++) out[i] = output[i] - goal[i];
    },
  };
  const anything = (): Vector[] => layers.map((width) => normals(width, 1));
  return { net, example, goal, anything };
}

const flat = ({ weights, biases }: LayeredGradient): number[] =>
  [...weights, ...biases].flatMap((v: Vector) => [...v]);
function relative(g: LayeredGradient, r: LayeredGradient): number {
  const [a, b] = [flat(g), flat(r)];
  return Math.hypot(...a.map((v, k) => v - b[k])) / Math.hypot(...b);
}
const steps = <T extends { step(): void }>(relaxation: T, count: number): T => {
  for (let k = 0; k < count; k++) relaxation.step();
  return relaxation;
};
const DEEP = [5, 7, 6, 6, 5, 4];
const L = DEEP.length - 1;

describe.each([
  ['tanh', TANH],
  ['ReLU', RELU],
] as const)('a net of %s', (_, activation) => {
  it.each([
    ['double', Float64Array],
    ['single', Float32Array],
  ] as const)(
    'has in %s precision the gradient of backpropagation to the last bit after 2L steps',
    (_p, precision) => {
      const { net, example, anything } = randomNet(DEEP, activation, precision);
      const exact = backpropagation(net, example);
      const start = { mean: anything(), stress: anything() };
      expect(flat(steps(meanStress(net, example, start), 2 * L).gradient())).toEqual(flat(exact));
      expect(relative(steps(meanStress(net, example, start), 2 * L - 1).gradient(), exact)).toBeGreaterThan(
        1e-3,
      );
    },
  );

  it.each([
    ['double', Float64Array, 1e-13],
    ['single', Float32Array, 1e-5],
  ] as const)(
    'has it in two copies of %s precision up to the rounding of their difference',
    (_p, precision, bound) => {
      const { net, example, anything } = randomNet(DEEP, activation, precision);
      const copies = steps(coupledCopies(net, example, { x: anything(), z: anything() }), 2 * L);
      const error = relative(copies.gradient(), backpropagation(net, example));
      expect(error).toBeLessThan(bound);
      expect(error).toBeGreaterThan(0);
    },
  );
});

describe('a deep net of tanh', () => {
  const { net, example, goal, anything } = randomNet(DEEP, TANH);

  it('has the gradient of its cost', () => {
    const { weights } = backpropagation(net, example);
    const cost = (l: number, k: number, h: number): number => {
      const moved = { ...net, weights: net.weights.map((w, at) => (at === l ? w.with(k, w[k] + h) : w)) };
      const m = steps(meanStress(moved, example, { mean: blank(net), stress: blank(net) }), L).mean();
      return [...m[L - 1]].reduce((sum, v, i) => sum + (v - goal[i]) ** 2 / 2, 0);
    };
    for (let l = 0; l < L; l++) {
      for (const k of [0, 3, net.weights[l].length - 1]) {
        expect(weights[l][k]).toBeCloseTo((cost(l, k, 1e-5) - cost(l, k, -1e-5)) / 2e-5, 9);
      }
    }
  });

  it('settles layer by layer: m_ℓ after ℓ steps, s_ℓ after 2L − ℓ + 1', () => {
    const start = { mean: anything(), stress: anything() };
    const rest = steps(meanStress(net, example, start), 2 * L);
    for (let l = 1; l <= L; l++) {
      const at = (k: number) => steps(meanStress(net, example, start), k);
      expect(at(l).mean()[l - 1]).toEqual(rest.mean()[l - 1]);
      expect(at(l - 1).mean()[l - 1]).not.toEqual(rest.mean()[l - 1]);
      expect(at(2 * L - l + 1).stress()[l - 1]).toEqual(rest.stress()[l - 1]);
      expect(at(2 * L - l).stress()[l - 1]).not.toEqual(rest.stress()[l - 1]);
    }
  });

  it('forgets its start exactly: its Jacobian plus 1 is nilpotent of index 2L', () => {
    const small = randomNet([2, 3, 3, 2], TANH);
    const rest = steps(
      meanStress(small.net, small.example, { mean: small.anything(), stress: small.anything() }),
      6,
    );
    const point = [...rest.mean(), ...rest.stress()].flatMap((v: Vector) => [...v]);
    const shapes = [3, 3, 2, 3, 3, 2];
    const unflat = (v: readonly number[]): Layers => {
      let at = 0;
      return shapes.map((width) => Float64Array.from(v.slice(at, (at += width))));
    };
    const image = (v: readonly number[]): number[] => {
      const layers = unflat(v);
      const next = steps(
        meanStress(small.net, small.example, { mean: layers.slice(0, 3), stress: layers.slice(3) }),
        1,
      );
      return [...next.mean(), ...next.stress()].flatMap((w: Vector) => [...w]);
    };
    const columns = point.map((v, j) => {
      const [up, down] = [image(point.with(j, v + 1e-5)), image(point.with(j, v - 1e-5))];
      return up.map((u, i) => (u - down[i]) / 2e-5);
    });
    const apply = (v: readonly number[]) =>
      point.map((_, i) => columns.reduce((s, c, j) => s + c[i] * v[j], 0));
    const norm = (power: number): number => {
      let largest = 0;
      for (let j = 0; j < point.length; j++) {
        let v: number[] = point.map((_, i) => (i === j ? 1 : 0));
        for (let k = 0; k < power; k++) v = apply(v);
        largest = Math.max(largest, ...v.map(Math.abs));
      }
      return largest;
    };
    expect(norm(6)).toBeLessThan(1e-12);
    expect(norm(5)).toBeGreaterThan(1e-3);
  });

  it('at rest has as energy its cost, whatever the stress: E = sᵀF(m) + c(m) with F = 0', () => {
    const m = steps(meanStress(net, example, { mean: anything(), stress: anything() }), L).mean();
    const image = steps(meanStress(net, example, { mean: m, stress: blank(net) }), 1).mean();
    for (let draw = 0; draw < 5; draw++) {
      const s = anything();
      const rate = (l: number, i: number) => image[l][i] - m[l][i];
      const energy = s.reduce((sum, v, l) => [...v].reduce((part, w, i) => part + w * rate(l, i), sum), 0);
      expect(Math.abs(energy)).toBeLessThan(1e-12);
    }
  });

  it('split has a bias of β²', () => {
    const exact = backpropagation(net, example);
    const error = (beta: number) => {
      const split = splitCopies(net, example, { x: blank(net), z: blank(net) }, 1, beta);
      return relative(steps(split, 40 * L).gradient(), exact);
    };
    expect(Math.abs(Math.log10(error(1e-1) / error(1e-2)) - 2)).toBeLessThan(0.1);
    expect(Math.abs(Math.log10(error(1e-2) / error(1e-3)) - 2)).toBeLessThan(0.1);
  });
});

describe('with a step η < 1', () => {
  /** Smallest k with Σ_{j<2L} C(k, j) η^j (1−η)^(k−j) < 1e-6: 2L equal lags in a row. */
  function predicted(lags: number, eta: number): number {
    for (let k = lags; ; k++) {
      let term = (1 - eta) ** k;
      let sum = 0;
      for (let j = 0; j < lags; j++) {
        sum += term;
        term *= ((k - j) / (j + 1)) * (eta / (1 - eta));
      }
      if (sum < 1e-6) return k;
    }
  }
  it.each([0.75, 0.5, 0.25])('%f the steps it takes follow the law of a cascade of lags', (eta) => {
    const widths = Array.from({ length: 10 }, () => 8);
    const { net, example, anything } = randomNet(widths, TANH);
    const exact = backpropagation(net, example);
    const relaxation = meanStress(net, example, { mean: anything(), stress: anything() }, eta);
    let k = 0;
    while (relative(relaxation.gradient(), exact) >= 1e-6) {
      relaxation.step();
      k++;
    }
    expect(Math.abs(k / predicted(18, eta) - 1)).toBeLessThan(0.1);
  });
});
