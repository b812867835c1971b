// The discrete adjoint of extrapolation: every stage of an accepted step is a point of the tape, and is transposed.
import { describe, expect, test } from 'vitest';
import { distance, gradientBy, problemOfDeck } from './over-time.js';

const circuits: Readonly<Record<string, string>> = {
  'a resonator that a sine drives, from rest': `
    V1 in 0 SIN(0.2 1 1k)
    R1 in b 3k
    L1 in b 10m
    C1 b 0 1u
    R2 b 0 2k
    .tran 10u 1.2m 0 0.3m
    .train R* C1 L1 V1.vo V1.va V1.freq
    .cost tran v(b) target=0.1
    .cost tran expr={i(l1)*v(b)} weight=100
    .cost tran expr={v(b)^2} at=0, 0.77m, 1.2m`,
  'a pulse with corners and one that jumps': `
    V1 in 0 PULSE(0.1 1 0.1m 20u 30u 0.3m 1m)
    V2 d 0 PWL(0 0 0.5m 0 0.50000000000001m 0.4 1m 0.2)
    R1 in a 1k
    C1 a 0 0.1u
    C2 a d 0.05u
    R2 a 0 5k
    .tran 10u 1.2m
    .train R* C* V1.v1 V1.v2
    .cost tran v(a) target=0.3
    .cost tran expr={v(a)} at=0.1m, 0.5m, 1.03m weight=0.1`,
  'diodes that store charge and a capacitor whose charge is an expression': `
    V1 in 0 SIN(0.3 1 1k)
    R1 in a 1k
    D1 a b dm
    C1 b 0 Q={0.1u*x + 0.02u*x^3}
    C2 a 0 0.05u
    R2 b 0 10k
    .model dm d(is=1e-9 cjo=20n tt=1u rs=0)
    .tran 10u 1m 0 0.2m
    .train R* C2 D1.is D1.cjo D1.tt V1.va
    .cost tran v(b) target=0.2 from=0.3m to=0.8m
    .cost tran expr={v(a)*v(b)}`,
  'behavioural sources of voltages, currents and time': `
    V1 in 0 SIN(0 1 1k)
    R1 in a 1k
    B1 0 a I={0.5m*tanh(v(b)) + 0.1m*sin(6283*time)}
    C1 a 0 0.1u
    L1 a b 100m
    B2 b 0 I={i(l1)*0.5 + 1m*v(b)^3}
    C2 b 0 0.2u
    .tran 10u 1.2m 0 0.3m
    .train R1 C* L1
    .cost tran v(b) target=0.1
    .cost tran expr={i(l1)^2} weight=1e4`,
  'charges that begin with uic': `
    V1 in 0 SIN(0.5 0.5 2k)
    R1 in a 1k
    C1 a 0 0.1u ic=0.3
    C2 in a 20n
    L1 a b 50m ic=1m
    R2 b 0 100
    C3 b 0 0.2u
    D1 b 0 dm
    .model dm d(is=1e-12 cjo=10n)
    .tran 10u 0.6m 0 0.1m uic
    .train R* C* C1.ic L1 L1.ic V1.vo
    .cost tran v(b) target=0.3`,
  'a node that .ic holds': `
    V1 in 0 1
    R1 in a 1k
    C1 a 0 0.1u
    R3 a c 300
    D1 c 0 dm
    C2 a c 20n
    .model dm d(is=1e-12 cjo=10n)
    .ic v(a)=0.9
    .tran 10u 0.6m 0 0.1m
    .train R* C* V1
    .cost tran v(c) target=0.3`,
  'a pulse along FitzHugh-Nagumo cells': `
    Vk k 0 PULSE(0 2.5 1 0.1 0.1 5 1e6)
    Rk k v1 2
    N1 v1 w1 cell
    N2 v2 w2 cell
    R1 v1 v2 2
    .model cell fhn(c=1 a=0.7 gamma=0.8 tau=12.5)
    .tran 0.1 20 0 2
    .train R* N1.g N2.gamma N2.c
    .cost tran v(v2) target=1 from=5 to=18.5`,
};

describe('the gradient of a run by odex', () => {
  test.each(Object.entries(circuits))('is exact on its grid through %s', (_, deck) => {
    const problem = problemOfDeck(`${deck}\n.options method=odex reltol=1e-4`);
    const adjoint = gradientBy('adjoint', problem);
    const judge = gradientBy('differences', problem);
    expect(Math.abs(adjoint.cost - judge.cost)).toBeLessThanOrEqual(1e-12 * Math.abs(judge.cost));
    expect(adjoint.gradient.some((g) => g !== 0)).toBe(true);
    expect(distance(problem, adjoint.gradient, judge.gradient)).toBeLessThanOrEqual(1e-7);
    expect(adjoint.validity.tellegen).toBeLessThan(1e-10);
    expect(judge.validity.tellegen).toBeLessThan(1e-6);
  });
});

describe('a resonance that begins at v = a', () => {
  // v = a·cos ωt with ω = 1/√(LC): J = ∫₀ᵀ v² dt = a²·(T/2 + sin(2ωT)/4ω).
  const [L, C, T] = [2, 0.5, 7.3];
  const w = 1 / Math.sqrt(L * C);
  const cost = T / 2 + Math.sin(2 * w * T) / (4 * w);
  const slope = (T * Math.cos(2 * w * T)) / (2 * w) - Math.sin(2 * w * T) / (4 * w * w);
  const exact = Float64Array.of((-w / (2 * C)) * slope, 2 * cost, (-w / (2 * L)) * slope);
  const problem = (reltol: number) =>
    problemOfDeck(`
      C1 a 0 ${C} ic=1
      L1 a 0 ${L} ic=0
      .tran 1 ${T} 0 ${T} uic
      .train C1 C1.ic L1
      .cost tran expr={v(a)^2}
      .options method=odex reltol=${reltol} vntol=${reltol * 1e-3} abstol=${reltol * 1e-3}`);

  test.each([1e-4, 1e-7, 1e-10])('has the slopes of its closed form to a tolerance of %d', (reltol) => {
    const { gradient, cost: found } = gradientBy('adjoint', problem(reltol));
    expect(Math.abs(found - cost)).toBeLessThan(reltol * cost);
    expect(distance(problem(reltol), gradient, exact)).toBeLessThan(10 * reltol);
  });

  test('is the same when points are solved for again', () => {
    const kept = gradientBy('adjoint', problem(1e-6));
    const again = gradientBy('adjoint', problem(1e-6), { capacity: 1 });
    expect(Math.abs(again.cost - kept.cost)).toBeLessThanOrEqual(1e-12 * kept.cost);
    expect(distance(problem(1e-6), again.gradient, kept.gradient)).toBeLessThanOrEqual(1e-12);
  });
});
