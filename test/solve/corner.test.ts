// A corner at which no source jumps is passed without solving for anything anew: what no charge holds is then as accurate
// as the step before left it, which may be too little for any step after it.
import { describe, expect, it } from 'vitest';
import { parseDeck } from '../../src/netlist/parse.js';
import { simulate } from '../../src/study/simulate.js';
import { distance, gradientBy, problemOfDeck } from '../learn/over-time.js';

/** Nodes between inductors and controlled sources, and a diode whose small capacitance hangs on one of them. */
const CARDS = `
  V1 n1 0 pulse(0.4815 -3.065 10u 5u 7u 40u 100u)
  Rg2 n2 0 3768
  Rg3 n3 0 52.69k
  Rg4 n4 0 5280
  Rg5 n5 0 3074
  L0 n3 x0 0.002916
  Rl0 x0 0 1.162
  E1 x1 n3 n5 n4 0.7806
  Re1 x1 0 2345
  L2 n5 x2 0.001174
  Rl2 x2 n4 13.27
  L3 n4 x3 0.0002802
  Rl3 x3 n3 1.43
  B4 n4 n3 I=0.0009578*tanh(v(n2)-v(n1))+0.00005786*v(n3)
  C5 n2 n5 1.436n
  E6 x6 n3 n2 n3 -0.03105
  Re6 x6 0 1984
  La7 n5 y7 0.0002541
  Ra7 y7 0 10
  Lb7 n4 z7 0.005673
  Rb7 z7 0 10
  K7 La7 Lb7 0.0354
  C8 n5 0 0.1595n
  E9 x9 n2 n2 0 -0.3692
  Re9 x9 n4 942.6
  D10 n3 x10 dm0
  Rd10 x10 n2 350
  D11 n4 x11 dm1
  Rd11 x11 n5 971.5
  .model dm0 d(is=1e-14 n=1.1 rs=1 cjo=10p tt=5n)
  .model dm1 d(is=1e-9 n=1.8 bv=4 ibv=1m cjo=5p m=0.4 vj=0.6)
  .options temp=-10
  .tran 0.5u 65u 0 4u`;

describe('behind the end of an edge', () => {
  const last = (options: string): number => {
    const deck = parseDeck(`t\n${CARDS}\n.print tran v(n4)\n.options ${options}\n.end\n`);
    const { failure, datasets } = simulate(deck);
    expect(failure, options).toBeUndefined();
    return Number(datasets[0].columns[0].values.at(-1));
  };

  it.each([
    'method=trap reltol=1e-4 vntol=1e-7',
    'method=trap reltol=1e-8 vntol=1e-10 abstol=1e-14',
    'method=bdf reltol=1e-6 vntol=1e-9 abstol=1e-13',
    'method=bdf reltol=1e-7 vntol=1e-9 abstol=1e-13',
  ])('%s goes on', (options) => {
    const reference = last('method=trbdf2 reltol=1e-6 vntol=1e-9');
    expect(Math.abs(last(options) - reference)).toBeLessThan(1e-5);
  });

  it('gradients go through the point that is solved for anew', () => {
    const problem = problemOfDeck(
      `${CARDS}\n.train Rd11 L3 D11.cjo E9.gain\n.cost tran v(n4) target=0.1\n.options method=trap reltol=1e-4 vntol=1e-7`,
    );
    const [adjoint, direct, differences] = ['adjoint', 'direct', 'differences'].map((rule) =>
      gradientBy(rule, problem),
    );
    expect(distance(problem, direct.gradient, adjoint.gradient)).toBeLessThan(1e-10);
    expect(distance(problem, differences.gradient, adjoint.gradient)).toBeLessThan(1e-7);
  });
});
