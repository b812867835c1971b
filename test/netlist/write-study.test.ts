import { describe, expect, it } from 'vitest';
import { parseDeck } from '../../src/netlist/parse.js';
import { writeStudy } from '../../src/netlist/write-study.js';

const deck = parseDeck(`two dividers
.param x=1 scale={2*x} most=100k
.subckt div a b
R1 a m 1k
Vm m k 0
R2 k b 2k
.ends
V1 in 0 {scale}
V2 other 0 0
X1 in other div
Rload in 0 5k
.data table x v2
+ 1 2
+ 3 -4
.enddata
.options reltol=1e-5
.train x1.r* min=10 max={most} log
.train Rload
.cost op v(x1.m) target={2*x} data=table
.cost tran expr={i(x1.vm)*x} weight=3 at=1u,2u
.cost tran v(x1.m) target=1 from=1u to=5u
.cost ac vdb(x1.m,other) target={-3*x} at=1k,{x*1meg}
.cost ac expr={abs(v(x1.m)/v(in))*vp(x1.m)+hertz} weight=2
.op
.tran 1u 10u 0 0.1u
.end
`);

describe('a whole deck, written', () => {
  const text = writeStudy(deck, ['trained']);
  const again = parseDeck(text);

  it('is the same deck when it is read again and written again', () => {
    expect(writeStudy(again, ['trained'])).toBe(text);
  });

  it('keeps what may move, and how far', () => {
    const names = again.trains.map(({ parameters }) => parameters.map((p) => p.name));
    expect(names).toEqual([['x1.r1.r', 'x1.r2.r'], ['rload.r']]);
    expect(again.trains[0]).toMatchObject({ min: 10, max: 1e5, log: true });
  });

  it('keeps what it costs, and the tables that set inputs and targets', () => {
    expect(again.costs.map(({ kind, weight }) => [kind, weight])).toEqual([
      ['op', 1],
      ['tran', 3],
      ['tran', 1],
      ['ac', 1],
      ['ac', 2],
    ]);
    expect(again.costs[1]).toMatchObject({ at: [1e-6, 2e-6] });
    expect(again.data.get('table')).toMatchObject({ rows: [...deck.data.values()][0].rows });
    expect([...again.circuit.parameters.keys()]).toEqual(['x']);
  });

  it('says under its title what it is told to say', () => {
    expect(text).toMatch(/^two dividers\n\* trained\n/);
  });
});
