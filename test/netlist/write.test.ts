import { describe, expect, it } from 'vitest';
import { fhnChain } from '../../circuits/fhn-chain.js';
import { type CircuitBuilder, createCircuit } from '../../src/circuit/builder.js';
import type { Circuit } from '../../src/circuit/circuit.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { writeDeck } from '../../src/netlist/write.js';
import { simulate } from '../../src/study/simulate.js';
import { interpolate, ngspice } from '../support/ngspice.js';

const tight = '.options reltol=1e-6 abstol=1e-14 vntol=1e-9 gmin=1e-15';

/** The circuit's operating point (or one frequency of it) in ngspice, with the tolerances tightened. */
async function judged(circuit: Circuit, card = '.op') {
  const { columns, imaginary } = await ngspice(writeDeck(circuit, { cards: [tight, card] }));
  return {
    value: (name: string) => columns.get(name)!.at(-1)!,
    imaginary: (name: string) => imaginary.get(name)!.at(-1)!,
  };
}
const circuit = (make: (c: CircuitBuilder) => CircuitBuilder): Circuit => make(createCircuit('test')).build();

describe('what ngspice lacks is written as what it has', () => {
  it('a tunnel diode carries the three currents of its law', async () => {
    const [ip, vp, iv, vv, vpp, vt] = [4.7e-3, 0.1, 0.37e-3, 0.37, 0.525, 0.026];
    for (const v of [-0.05, 0, 0.1, 0.3, 0.55]) {
      const c = circuit((b) =>
        b
          .model('td', 'tunnel', { ip, vp, iv, vv, vpp, vt })
          .add('V1', 'a 0', v)
          .add('D1', 'a 0', { model: 'td' }),
      );
      const tunnelling = ip * (v / vp) * Math.exp(1 - v / vp);
      const excess = iv * (Math.exp(v - vv) - Math.exp(-vv));
      const diffusion = ip * Math.exp(-vpp / vt) * (Math.exp(v / vt) - 1);
      const { value } = await judged(c);
      expect(value('i(v1)')).toBeCloseTo(-(tunnelling + excess + diffusion), 9);
    }
  });

  it('a chain of FitzHugh–Nagumo cells runs as it does in an independent integrator (DOP853, rtol 1e-12)', async () => {
    const deck = writeDeck(fhnChain(), {
      cards: ['.options reltol=1e-6', '.tran 0.5 60 0 0.02', '.save v(v1) v(v10) v(v20)'],
    });
    const { columns } = await ngspice(deck);
    const reference: [number, number[]][] = [
      [30, [-1.475460763, 1.26938899, -1.199404693]],
      [50, [-0.945856827, -1.55691863, 1.672094802]],
      [60, [-0.92940406, -1.297154317, -1.838654295]],
    ];
    for (const [t, values] of reference) {
      ['v(v1)', 'v(v10)', 'v(v20)'].forEach((name, k) => {
        expect(interpolate(columns.get('time')!, columns.get(name)!, t)).toBeCloseTo(values[k], 3);
      });
    }
  });

  it('a capacitor behind a gyrator is an inductor c/g²', async () => {
    const c = circuit((b) =>
      b
        .model('y', 'gyrator', { g: 0.01 })
        .add('V1', 'a 0', { ac: 1 })
        .add('R1', 'a b', 1)
        .add('Y1', 'b 0 c 0', { model: 'y' })
        .add('C1', 'c 0', 1e-6),
    );
    const w = 2 * Math.PI * 10;
    const { value, imaginary } = await judged(c, '.ac lin 1 10 10');
    const reactance = (w * 1e-6) / 0.01 ** 2;
    expect(value('i(v1)')).toBeCloseTo(-1 / (1 + reactance ** 2), 9);
    expect(imaginary('i(v1)')).toBeCloseTo(reactance / (1 + reactance ** 2), 9);
  });

  it('a resistor behind an ideal transformer is n² as large, at DC too', async () => {
    const c = circuit((b) =>
      b
        .model('x', 'transformer', { n: 3 })
        .add('V1', 'a 0', 9)
        .add('Y1', 'a 0 b 0', { model: 'x' })
        .add('R1', 'b 0', 2),
    );
    const { value } = await judged(c);
    expect(value('v(b)')).toBeCloseTo(3, 9);
    expect(value('i(v1)')).toBeCloseTo(-9 / 18, 9);
  });

  it('a capacitor given by its charge has the capacitance dq/dv, an inductor given by its flux dΦ/di', async () => {
    const w = 2 * Math.PI * 1e3;
    const charge = circuit((b) =>
      b.add('V1', 'a 0', { dc: 2, ac: 1 }).add('C1', 'a 0', { q: '1n*x+0.5n*x^3' }),
    );
    expect((await judged(charge, '.ac lin 1 1k 1k')).imaginary('i(v1)')).toBeCloseTo(-w * 7e-9, 12);
    const flux = circuit((b) =>
      b.add('I1', '0 a', { dc: 2, ac: 1 }).add('L1', 'a b', { flux: '1m*x+0.5m*x^3' }).add('R1', 'b 0', 1),
    );
    expect((await judged(flux, '.ac lin 1 1k 1k')).imaginary('v(a)')).toBeCloseTo(w * 7e-3, 6);
  });

  it('a linear charge is a plain capacitor, with its initial voltage', () => {
    const c = circuit((b) =>
      b
        .model('td', 'tunnel', { cjo: 1e-12 })
        .model('cell', 'fhn', {})
        .add('D1', 'a b', { model: 'td', ic: 0.2 })
        .add('N1', 'v w', { model: 'cell', v0: 1, w0: -0.5 })
        .add('R1', 'a 0', 1)
        .add('R2', 'b v', 1),
    );
    const cards = writeDeck(c).split('\n');
    expect(cards).toContain('c_d1 a b 1e-12 ic=0.2');
    expect(cards).toContain('c_n1 v 0 1 ic=1');
    expect(cards).toContain('c1_n1 w 0 12.5 ic=-0.5');
  });

  it('a nonlinear charge starts at the charge of its initial voltage', async () => {
    const c = circuit((b) => b.add('C1', 'a 0', { q: '1n*x+0.5n*x^3', ic: 2 }).add('R1', 'a 0', 1e3));
    const { columns } = await ngspice(writeDeck(c, { cards: [tight, '.tran 10n 1u 0 10n uic'] }));
    const [time, v] = [columns.get('time')!, columns.get('v(a)')!];
    expect(interpolate(time, v, 20e-9)).toBeCloseTo(2 - (2e-3 * 20e-9) / 7e-9, 3);
  });
});

describe('what ngspice has is written as itself', () => {
  it('with numbers for parameters, and what a card says in its order', () => {
    const c = createCircuit('native', { temperature: 50 })
      .parameter('r', '2k')
      .model('sw1', 'sw', { vt: 0.5 })
      .model('dd', 'd', { is: '2*1e-14' })
      .add('V1', 'a 0', { dc: 1, ac: [1, 90], pulse: [0, 1, 0, 1e-9, 1e-9, 'r/1k', 3] })
      .add('V2', 'b 0', { pwl: { r: 0, points: [0, 0, 1, -1] } })
      .add('R1', 'a c', { r: '2*r', tc1: 1e-3 })
      .add('S1', 'c 0 a 0', { model: 'sw1', on: 1 })
      .add('T1', 'c 0 b 0', { z0: 50, td: 1e-9 })
      .add('F1', 'c 0', { gain: 2, controls: ['v1'] })
      .add('D1', 'c 0', { model: 'dd', area: 2 })
      .add('B1', 'c 0', { i: 'r*v(a)^3+i(v1)' })
      .add('E1', 'd 0', { value: 'max(v(a),0)' })
      .add('R2', 'd 0', 1)
      .initial('a', 'r/1k')
      .build();
    expect(writeDeck(c, { cards: ['.op'] }).split('\n')).toEqual([
      'native',
      'v1 a 0 dc 1 ac 1 90 pulse(0 1 0 1e-9 1e-9 2 3)',
      'v2 b 0 pwl(0 0 1 -1) r=0',
      'r1 a c 4000 tc1=0.001',
      's1 c 0 a 0 sw1 on',
      't1 c 0 b 0 z0=50 td=1e-9',
      'f1 c 0 v1 2',
      'd1 c 0 dd area=2',
      'b1 c 0 i=2000*(v(a)*(v(a)*v(a)))+i(v1)',
      'e1 d 0 value={max(v(a),0)}',
      'r2 d 0 1',
      '.model sw1 sw(vt=0.5)',
      '.model dd d(is=2e-14)',
      '.options temp=50 tnom=27',
      '.ic v(a)=2',
      '.op',
      '.end',
      '',
    ]);
  });

  it('and read by ngspice: every kind of card in one deck', async () => {
    const c = createCircuit('all of them')
      .model('sw1', 'sw', { vt: 0.5, vh: 0.1 })
      .model('csw1', 'csw', { it: 1e-3 })
      .model('dd', 'd', { rs: 1, cjo: 1e-12, tt: 1e-9, bv: 10 })
      .add('V1', 'a 0', { sin: [1, 1, 1e6] })
      .add('V2', 'b 0', { exp: [0, 1, 0, 1e-7, 1e-6, 1e-7] })
      .add('V3', 'c 0', { sffm: [0, 1, 1e5, 1, 1e6] })
      .add('V4', 'd 0', { pwl: { r: 0, td: 1e-7, points: [0, 0, 1e-7, 1, 2e-7, 0] } })
      .add('R1', 'a e', 50)
      .add('T1', 'e 0 f 0', { z0: 50, f: 1e8, nl: 0.5 })
      .add('R2', 'f 0', 50)
      .add('L1', 'b g', 1e-6)
      .add('L2', 'h 0', 1e-6)
      .add('K1', [], { k: 0.9, controls: ['l1', 'l2'] })
      .add('R3', 'g 0', 10)
      .add('R4', 'h 0', 10)
      .add('S1', 'c 0 a 0', { model: 'sw1' })
      .add('W1', 'd 0', { model: 'csw1', controls: 'v1' })
      .add('D1', 'b 0', { model: 'dd' })
      .add('E1', 'p 0 a 0', 2)
      .add('G1', 'q 0 a 0', 1e-3)
      .add('F1', 'q 0', { gain: 2, controls: 'v2' })
      .add('H1', 'r 0', { gain: 2, controls: 'v2' })
      .add('R5', 'p q', 1)
      .add('R6', 'q r', 1)
      .build();
    const { columns } = await ngspice(writeDeck(c, { cards: ['.tran 10n 1u 0 10n'] }));
    const [time, e, v4] = ['time', 'v(e)', 'v(d)'].map((name) => columns.get(name)!);
    expect(time.at(-1)).toBeCloseTo(1e-6, 12);
    expect(interpolate(time, e, 0.25e-6)).toBeCloseTo(1, 2);
    expect(interpolate(time, v4, 0.45e-6)).toBeCloseTo(0.5, 2);
  });

  it('an element of a subcircuit keeps its letter in front, wherever it is named', () => {
    const c = createCircuit('inside').add('V1', 'a 0', 1).add('R1', 'a 0', 1).build();
    const inside: Circuit = {
      ...c,
      elements: [
        ...c.elements,
        { kind: 'voltage-source', name: 'x1.v2', nodes: ['x1.n', '0'], values: { dc: 1 } },
        { kind: 'cccs', name: 'x1.f1', nodes: ['a', '0'], values: { gain: 2 }, controls: ['x1.v2'] },
      ],
    };
    const cards = writeDeck(inside).split('\n');
    expect(cards).toContain('v.x1.v2 x1.n 0 dc 1');
    expect(cards).toContain('f.x1.f1 a 0 v.x1.v2 2');
  });

  it('in our own dialect everything stays itself', () => {
    const cards = writeDeck(fhnChain({ cells: 2 }), { dialect: 'tellegen' }).split('\n');
    expect(cards).toContain('n1 v1 w1 cell');
    expect(cards).toContain('.model cell fhn(c=1 tau=12.5 gamma=0.8 a=0.7)');
  });

  it('long cards are continued, short of the width of a terminal', () => {
    const points = Array.from({ length: 200 }, (_, k) => k * 1e-3);
    const c = createCircuit('long').add('V1', 'a 0', { pwl: points }).add('R1', 'a 0', 1).build();
    const lines = writeDeck(c).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(lines[2]).toMatch(/^\+ /);
  });
});

describe('names that stay free', () => {
  const deck = parseDeck(
    'free\n.param x=2 k=3 twice={2*x} r={k*1k}\nV1 a 0 {twice+k} ac {x}\nR1 a b {r}\nB1 b 0 i={k*v(a)-x}\n.op\n.end\n',
  );
  const text = writeDeck(deck.circuit, { dialect: 'tellegen', free: new Set(['x']), cards: ['.op'] });

  it('are written with all that depends on them; the others are numbers', () => {
    expect(text).toContain('.param x=2\n');
    expect(text).toContain('v1 a 0 dc {2*x+3} ac {x} 0\n');
    expect(text).toContain('r1 a b 3000\n');
    expect(text).toContain('b1 b 0 i=3*v(a)-x\n');
  });

  it('still steer the deck that was written', () => {
    const again = parseDeck(text);
    for (const x of [2, -7]) {
      const parameters = new Map([['x', x]]);
      const [one, other] = [deck, again].map((d) => simulate(d, { parameters }).datasets[0].columns);
      expect(other).toEqual(one);
    }
  });
});
