// ∂f/∂t and ∂q/∂t at fixed x are printed from the laws; central differences of f and q by t judge them.
import { expect, it } from 'vitest';
import type { System } from '../../src/circuit/system.js';
import { createRandom } from '../../src/math/random.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { study } from '../../src/study/study.js';

const system = study(
  parseDeck(`laws of time
V1 a 0 SIN(0 1 1k)
.param k=3
B1 a b I={k*sin(2*time)*v(b)^2+time^2}
B2 b c V={exp(-time)*v(a)+abs(time-1)}
R1 b 0 1k
C1 c 0 Q={x*(1+0.3*cos(5*time))+x^3*time}
C2 b c Q={2u*x}
L1 c d FLUX={x*(2+time)}
G1 d 0 VALUE={v(c)*sqrt(1+time)}
D1 d 0 dm
.model dm d(is=1e-12 cjo=1n)
.tran 1u 1m
.end
`),
).compiled.bind();

function evaluated({ size, charges, evaluate, addChargeRates }: System, x: Float64Array, t: number) {
  const [f, q, rows] = [size, charges, size].map((length) => new Float64Array(length));
  evaluate(x, t, f, q);
  addChargeRates(q, rows);
  return { f, rows };
}

it.each([0, 0.4, 1.7])('a law moves in time as its slope says at t = %d', (t) => {
  const { n, size, addTimeSlopes } = system;
  const random = createRandom(7);
  const x = Float64Array.from({ length: size }, (_, i) =>
    i < size - 2 ? 0.4 * random.normal() : i === size - 2 ? 1 : 0,
  );
  const [f, q] = [new Float64Array(size), new Float64Array(size)];
  addTimeSlopes!(x, t, f, q);
  const h = 1e-5;
  const [up, down] = [evaluated(system, x, t + h), evaluated(system, x, t - h)];
  for (let i = 0; i < n; i++) {
    const [byF, byQ] = [(up.f[i] - down.f[i]) / (2 * h), (up.rows[i] - down.rows[i]) / (2 * h)];
    expect(Math.abs(f[i] - byF)).toBeLessThan(1e-8 * (1 + Math.abs(byF)));
    expect(Math.abs(q[i] - byQ)).toBeLessThan(1e-8 * (1 + Math.abs(byQ)));
  }
  expect(f.subarray(0, n).filter((v) => v !== 0).length).toBeGreaterThan(2);
  expect(q.subarray(0, n).filter((v) => v !== 0).length).toBeGreaterThan(1);
});

it('is not known where a law jumps in time', () => {
  const jumping = study(
    parseDeck('t\nB1 a 0 I={if(time>1m,1,0)}\nR1 a 0 1\n.tran 1u 2m\n.end\n'),
  ).compiled.bind();
  expect(jumping.addTimeSlopes).toBeUndefined();
});
