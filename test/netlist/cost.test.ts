import { describe, expect, it } from 'vitest';
import { toSpice } from '../../src/expression/print.js';
import { deck, errors, located } from './support.js';

const circuit = `v1 in 0 1
r1 in out 1k
c1 out 0 1u
.param y=0 w=2
.data rows v1 y
1 2
3 4
.enddata
`;
const lines = circuit.split('\n').length - 1;
const costs = (cards: string) =>
  deck(circuit + cards).costs.map(({ span, signal, target, ...rest }) => ({
    ...rest,
    signal: toSpice(signal),
    ...(target === undefined ? {} : { target: toSpice(target) }),
  }));
const wrong = (card: string): string[] =>
  located(circuit + card).map((e) => e.replace(/ (\d+):/, (_, line) => ` ${Number(line) - lines}:`));

describe('.cost', () => {
  it.each([
    ['op v(out) target=0.3 weight=2', { kind: 'op', signal: 'v(out)', target: '0.3', weight: 2 }],
    ['op out target=0.3', { kind: 'op', signal: 'v(out)', target: '0.3', weight: 1 }],
    ['op v(in,out) target=y', { kind: 'op', signal: 'v(in)-v(out)', target: 'y', weight: 1 }],
    ['op weight={w} target=1 i(v1)', { kind: 'op', signal: 'i(v1)', target: '1' }],
    ['op expr={v(out)*i(v1)}', { kind: 'op', signal: 'v(out)*i(v1)', weight: 1 }],
    ['op expr={v(out)} target={v1+y}', { kind: 'op', signal: 'v(out)', target: 'v1+y' }],
    ['op v(out) target=y data=rows', { kind: 'op', data: 'rows' }],
    ['tran v(out) target={time}', { kind: 'tran', signal: 'v(out)', target: 'time', weight: 1 }],
    ['tran expr={v(out)**2} from=1u to=2u', { kind: 'tran', from: 1e-6, to: 2e-6 }],
    ['tran v(out) target=1 at=1u,2u, 5u weight=3', { kind: 'tran', at: [1e-6, 2e-6, 5e-6], weight: 3 }],
    ['tran v(out) target=1 at={w*1u}', { kind: 'tran', at: [{ op: 'mul' }] }],
    ['ac vdb(out) target=-3', { kind: 'ac', signal: 'vdb(out)', target: '(-3)', weight: 1 }],
    ['ac vm(in,out) target={y*hertz} at=1k', { kind: 'ac', signal: 'vm(in,out)', at: [1e3] }],
    ['ac im(v1) target=0 at=1k,{w*1k} weight=2', { kind: 'ac', at: [1e3, { op: 'mul' }], weight: 2 }],
    ['ac expr={abs(v(out)/v(in))} data=rows', { kind: 'ac', signal: 'abs(v(out)/v(in))', data: 'rows' }],
  ])('%s', (words, expected) => {
    expect(costs(`.cost ${words}`)).toMatchObject([expected]);
  });

  it('may stand before the table whose columns it speaks of', () => {
    const early = deck(`.cost op v(out) target={v1*y}\n${circuit}`);
    expect(toSpice(early.costs[0].target!)).toBe('v1*y');
  });

  it('cards add up', () => {
    expect(costs('.cost op v(out) target=1\n.cost tran i(v1) target=0')).toHaveLength(2);
  });

  it.each([
    ['.cost', 'unknown-analysis 1:6 ""'],
    ['.cost dc v(out) target=1', 'unknown-analysis 1:7 "dc"'],
    ['.cost op', 'missing-value 1:9 ""'],
    ['.cost op v(out)', 'missing-value 1:16 ""'],
    ['.cost op v(nope) target=1', 'unknown-node 1:10 "v(nope)"'],
    ['.cost op i(r9) target=1', 'unknown-element 1:10 "i(r9)"'],
    ['.cost op vm(out) target=1', 'signal-not-allowed 1:10 "vm(out)"'],
    ['.cost op v(out) target=time', 'signal-not-allowed 1:24 "time"'],
    ['.cost tran v(out) target=hertz', 'signal-not-allowed 1:26 "hertz"'],
    ['.cost op v(out) target=z', 'unknown-name 1:24 "z"'],
    ['.cost op v(out) target=r1', 'unknown-name 1:24 "r1"'],
    ['.cost op v(out) target=', 'missing-value 1:24 ""'],
    ['.cost op v(out) target=1 target=2', 'duplicate-parameter 1:26 "target"'],
    ['.cost op v(out) tagret=1', 'unknown-parameter 1:17 "tagret"'],
    ['.cost op v(out) target=1 from=0', 'unexpected-word 1:26 "from"'],
    ['.cost op v(out) target=1 at=0', 'unexpected-word 1:26 "at"'],
    ['.cost op v(out) v(in) target=1', 'unexpected-word 1:17 "v"'],
    ['.cost op v(out) expr={v(in)}', 'unexpected-word 1:17 "expr"'],
    ['.cost op v(out) target=1 data=nope', 'unknown-data 1:31 "nope"'],
    ['.cost op v(out) target=1 weight={1/0}', 'not-finite 1:33 "{1/0}"'],
    ['.cost tran v(out) target=1 at=1u to=2u', 'unexpected-word 1:28 "at"'],
    ['.cost tran v(out) target=1 from=2u to=1u', 'out-of-bounds 1:39 "1u"'],
    ['.cost tran v(out) target=1 from=-1', 'out-of-bounds 1:33 "-1"'],
    ['.cost tran v(out) target=1 at=-1u', 'out-of-bounds 1:31 "-1u"'],
    ['.cost tran v(out) target=1 at=', 'missing-value 1:31 ""'],
    ['.cost ac v(out) target=1', 'complex-value 1:10 "v(out)"'],
    ['.cost ac out target=1', 'complex-value 1:10 "out"'],
    ['.cost ac expr={v(out)/v(in)}', 'complex-value 1:15 "{v(out)/v(in)}"'],
    ['.cost ac vm(out) target={v(in)}', 'complex-value 1:25 "{v(in)}"'],
    ['.cost ac expr={max(v(out),1)}', 'no-phasor-function 1:15 "{max(v(out),1)}"'],
    ['.cost ac vdb(nope) target=1', 'unknown-node 1:10 "vdb(nope)"'],
    ['.cost ac im(r9) target=1', 'unknown-element 1:10 "im(r9)"'],
    ['.cost ac vm(out)', 'missing-value 1:17 ""'],
    ['.cost ac vm(out) target={time}', 'signal-not-allowed 1:26 "time"'],
    ['.cost ac vm(out) target=1 from=1k', 'unexpected-word 1:27 "from"'],
    ['.cost ac vm(out) target=1 at=', 'missing-value 1:30 ""'],
    ['.cost ac vm(out) target=1 at=-1k', 'out-of-bounds 1:30 "-1k"'],
    ['.subckt s a\n.cost op v(a) target=1\n.ends', 'misplaced-command 2:1 ".cost"'],
  ])('%j is refused: %s', (card, expected) => {
    expect(wrong(card)[0]).toBe(expected);
  });

  it('says what would have worked', () => {
    const hint = (card: string): string | undefined => errors(circuit + card)[0].hint;
    expect(hint('.cost tarn v(out) target=1')).toBe('did you mean "tran"?');
    expect(hint('.cost op v(out) tagret=1')).toBe('did you mean "target"?');
    expect(hint('.cost op v(out)')).toMatch(/\.cost op v\(out\) target=0\.3/);
    expect(hint('.cost op v(oun) target=1')).toBe('did you mean "out"?');
    expect(hint('.cost ac v(out) target=1')).toMatch(/write vm\(\), vdb\(\), vp\(\)/);
    expect(hint('.cost op vdb(out) target=1')).toMatch(/\.cost ac vdb\(out\) target=-3 at=1k/);
    expect(hint('.cost tran v(out) target=hertz')).toMatch(/\.cost ac/);
    expect(hint('.cost ac vm(out) target=1 to=1k')).toMatch(/at=1k,2k/);
  });
});

describe('a column of a table that only a cost speaks of', () => {
  const table = (column: string): string =>
    `v1 in 0 1\nr1 in 0 1k\n.data rows v1 ${column}\n1 0.3\n3 0.5\n.enddata\n`;

  it('needs no .param; without a row it has the value of the first', () => {
    const { circuit: made, data } = deck(`${table('want')}.cost op v(in) target=want`);
    expect(made.parameters.get('want')).toBe(0.3);
    expect(data.get('rows')?.columns[1]).toEqual({ kind: 'parameter', name: 'want' });
  });

  it.each([
    ['no cost', table('want'), 'unknown-sweep 3:15 "want"'],
    ['no cost that speaks of it', `${table('want')}.cost op v(in) target=1`, 'unknown-sweep 3:15 "want"'],
    ['another spelling there', `${table('want')}.cost op v(in) target=wand`, 'unknown-name 7:23 "wand"'],
    ['a name that is none', `${table('v(in)')}.cost op v(in) target=1`, 'unknown-name 3:17 "in"'],
  ])('is an unknown name with %s', (_, text, expected) => {
    expect(located(text)[0]).toBe(expected);
  });
});
