// Decks with costs and parameters, and what their gradients are by other means: dense linear algebra at the operating
// point, and central differences of it.

import { findPoint } from '../../src/analysis/op.js';
import { DEFAULT_OPTIONS } from '../../src/analysis/options.js';
import { type Compiled, compile } from '../../src/circuit/compile.js';
import { solveDense } from '../../src/math/dense.js';
import type { Deck } from '../../src/netlist/deck.js';
import { parseDeck } from '../../src/netlist/parse.js';

export interface Case {
  readonly name: string;
  readonly text: string;
  /** The deck's cost, of signals by name. */
  readonly cost: (of: (name: string) => number) => number;
}

const tight = '.options reltol=1e-10 abstol=1e-18 vntol=1e-15\n';

export const CASES: readonly Case[] = [
  {
    name: 'a linear network with all four controlled sources, a gyrator and a transformer',
    text: `V1 in 0 1
R1 in a 1k
R9 a 0 3k
E1 b 0 a 0 2
R2 b c 2k
R3 c 0 3k
G1 0 d c a 1m
R4 d 0 4k
V2 d e 0
R7 e 0 2k
F1 0 f V2 3
R5 f a 500
R8 f 0 700
H1 g 0 V2 700
R6 g out 1k
I1 out 0 0.1m
Y1 out 0 p 0 gy
.model gy gyrator(g=0.4m)
Y2 p 0 s 0 tr
.model tr transformer(n=2)
R10 s 0 1k
.train R1 R5 R10 E1 G1 F1 H1 Y1.g Y2.n V1 I1
.cost op v(s) target=0.3 weight=2
.cost op expr={i(h1)*1k + v(f)*v(c)}
`,
    cost: (of) => (of('v(s)') - 0.3) ** 2 + 1e3 * of('i(h1)') + of('v(f)') * of('v(c)'),
  },
  {
    name: 'diodes and a tunnel diode',
    text: `V1 in 0 0.9
R1 in a 220
D1 a b fast
R2 b 0 150
D2 b c dt
R3 c 0 60
D3 a c plain area=2
.model fast d(is=1e-9 n=1.6 rs=3 cjo=1p)
.model plain d(is=2e-12 n=1.3)
.model dt tunnel(ip=2m vp=0.12 cjo=2p)
.train R1 R2 R3 V1.dc D1.is D1.n D1.rs D2.ip D2.vp D3.area
.cost op v(c) target=0.2
.cost op expr={i(v1)*v(b)*10}
`,
    cost: (of) => 0.5 * (of('v(c)') - 0.2) ** 2 + 10 * of('i(v1)') * of('v(b)'),
  },
  {
    name: 'FitzHugh–Nagumo cells, coupled between membranes and between recoveries',
    text: `N1 v1 w1 cell ibias=0.3
N2 v2 w2 cell ibias=0.1 gamma=1.1
N3 v3 w3 other
.model cell fhn(g=1 vs=1 gm=1 gamma=0.9 a=0.2 tau=0.5)
.model other fhn(ip=0.4 vp=0.4 vpp=1.5 vt=0.2 gamma=1 tau=0.5)
R12 v1 v2 0.5
R23 v2 v3 0.7
Rw w1 w2 3
.train R12 R23 Rw N1.ibias N1.gamma N2.g N2.vs N2.gm N2.a N3.ip
.cost op v(v3) target=0.5
.cost op v(w1) target=-0.4 weight=3
`,
    cost: (of) => 0.5 * (of('v(v3)') - 0.5) ** 2 + 1.5 * (of('v(w1)') + 0.4) ** 2,
  },
  {
    name: 'one-way amplifiers by behavioural sources, a switch and coupled coils',
    text: `.param gain=2
V1 in 0 0.4
R1 in a 1k
B1 0 b I={1m*tanh(gain*V(a))}
R2 b 0 1k
C2 b 0 Q={1u*tanh(x)}
E1 c 0 VALUE={V(b)^2+0.3*V(b,a)+50*I(E1)}
R3 c d 100
L1 d e 1m
L2 e f 2m
K1 L1 L2 0.5
R7 e 0 3k
R4 f g 200
B2 g 0 V={0.2*sin(V(d))+100*I(V1)}
S1 d 0 a 0 sw
.model sw sw(vt=0.1 ron=500 roff=1e9)
V3 d h 0
L3 h i Flux={1u*tanh(x)}
R5 i 0 900
W1 i 0 V1 csw
.model csw csw(it=1 ron=1 roff=7k)
R6 a 0 2k
.train R1 R2 R3 R4 R5 V1 S1.ron W1.roff
.cost op v(i) target=0.05
.cost op expr={20*i(l2)*v(b) + i(r5)}
`,
    cost: (of) => 0.5 * (of('v(i)') - 0.05) ** 2 + 20 * of('i(l2)') * of('v(b)') + of('i(r5)'),
  },
];

export const deckOf = (text: string, cards = '.op\n'): Deck =>
  parseDeck(`case\n${text}${tight}${cards}.end\n`);

const options = { ...DEFAULT_OPTIONS, reltol: 1e-12, abstol: 1e-15, vntol: 1e-13 };

/** Signals of an operating point by name. */
function signals(compiled: Compiled, values: ReadonlyMap<string, number>) {
  const system = compiled.bind({ values });
  const point = findPoint(system, options, undefined);
  const [xdot, qdot] = [new Float64Array(system.size), new Float64Array(system.charges)];
  const at = (x: Float64Array) => {
    const f = new Float64Array(system.size);
    system.evaluate(x, 0, f, new Float64Array(system.charges));
    system.evaluateKnownRows(x, 0, xdot, qdot, f);
    return (name: string) => compiled.probe(system, name)!.read({ t: 0, x, q: point.q, xdot, qdot, f });
  };
  return { system, x: point.x, at };
}

/** dc/dp by central differences of operating points. */
export function differences(deck: Deck, cost: Case['cost']): Map<string, number> {
  const compiled = compile(deck.circuit);
  const value = (name: string, x: number): number => {
    const run = signals(compiled, new Map([[name, x]]));
    return cost(run.at(run.x));
  };
  const names = deck.trains.flatMap(({ parameters }) => parameters);
  return new Map(
    names.map(({ name, element, parameter }) => {
      const own = deck.circuit.elements.find((e) => e.name === element)!;
      const model = deck.circuit.models.get(own.model ?? '');
      const p = Number(own.values[parameter] ?? model?.values[parameter]);
      const key = `${element}.${parameter}`;
      // Two steps, and what is left of h² taken away.
      const slope = (h: number): number => (value(key, p + h) - value(key, p - h)) / (2 * h);
      const h = 1e-3 * Math.abs(p);
      return [name, (4 * slope(h / 2) - slope(h)) / 3];
    }),
  );
}

/** λ = −G⁻ᵀ∇c by Gaussian elimination, node by node; the cost is at most quadratic in the state. */
export function costate(deck: Deck, cost: Case['cost']): Map<string, number> {
  const compiled = compile(deck.circuit);
  const { system, x, at } = signals(compiled, new Map());
  const { n, size, pattern } = system;
  const [f, q] = [new Float64Array(size), new Float64Array(system.charges)];
  const [G, C] = [new Float64Array(system.slots), new Float64Array(system.slots)];
  system.evaluate(x, 0, f, q, G, C);
  const transposed = new Float64Array(n * n);
  for (let j = 0; j < n; j++)
    for (let k = pattern.colPtr[j]; k < pattern.colPtr[j + 1]; k++)
      transposed[j * n + pattern.rowIdx[k]] += G[k];
  const lambda = Float64Array.from({ length: n }, (_, k) => {
    const moved = (h: number): number => cost(at(x.with(k, x[k] + h)));
    return -(moved(0.5) - moved(-0.5));
  });
  solveDense(transposed, lambda, n);
  return new Map(
    system.unknowns.flatMap(({ name }, k) =>
      name.startsWith('v(') ? [[name.slice(2, -1).replace('.', '_'), lambda[k]]] : [],
    ),
  );
}
