import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { type ParseOptions, parseDeck } from '../../src/netlist/parse.js';
import { deck, errors } from './support.js';

const codes = (lines: string, options: ParseOptions = {}): string[] =>
  errors(lines, options).map((d) => d.code);
const many = (n: number, line: (k: number) => string): string =>
  Array.from({ length: n }, (_, k) => line(k)).join('\n');

describe('decks made to exhaust the reader end in a diagnostic', () => {
  it.each([
    ['a million parentheses', `r1 a 0 {${'('.repeat(1_000_000)}1}`, 'expression-too-deep'],
    ['a million braces', `r1 a 0 ${'{'.repeat(1_000_000)}`, 'expression-too-deep'],
    [
      'functions that double',
      `.func f0(x) {x+x}\n${many(60, (k) => `.func f${k + 1}(x) {f${k}(f${k}(x))}`)}\n.param p=1\nr1 a 0 {f60(p)}`,
      'expression-too-large',
    ],
    [
      'squares of squares',
      `.param p0={temper}\nb1 a 0 i={${'('.repeat(50)}v(a)+1${')^2'.repeat(50)}}`,
      'expression-too-large',
    ],
    [
      'local parameters that double',
      `.param g=1\n.subckt s a q0=1\n${many(60, (k) => `.param q${k + 1}={q${k}+q${k}}`)}\nr1 a 0 {q60}\n.ends\nx1 p s q0={g}`,
      'expression-too-large',
    ],
    [
      'subcircuits that double',
      `.subckt s0 a\nr1 a 0 1\n.ends\n${many(60, (k) => `.subckt s${k + 1} a\nx1 a s${k}\nx2 a s${k}\n.ends`)}\nx1 p s60`,
      'too-many-elements',
    ],
    [
      'subcircuits nested a thousand deep',
      `.subckt s0 a\nr1 a 0 1\n.ends\n${many(1000, (k) => `.subckt s${k + 1} a\nx1 a s${k}\n.ends`)}\nx1 p s1000`,
      'subcircuits-too-deep',
    ],
    ['a subcircuit that contains itself', '.subckt s a\nx1 a s\n.ends\nx1 p s', 'recursive-subcircuit'],
    [
      'a thousand functions, each calling the next',
      `${many(1000, (k) => `.func f${k}(x) {f${k + 1}(x)}`)}\n.func f1000(x) {x}\nr1 a 0 {f0(1)}`,
      'expression-too-deep',
    ],
    ['an expression of a megabyte', `r1 a 0 {1${'+temper'.repeat(150_000)}}`, 'expression-too-large'],
    [
      'a coupling of ten thousand inductors',
      `${many(10_000, (k) => `l${k} n${k} 0 1u`)}\nk1 ${Array.from({ length: 10_000 }, (_, k) => `l${k}`).join(' ')} 0.1`,
      'too-large',
    ],
  ])('%s', (_, lines, code) => {
    expect(codes(lines)).toContain(code);
  });

  it('a file that includes itself twice, through another', () => {
    expect(
      codes('.include a', { include: (path) => (path === 'a' ? '.include b\n.include b' : '.include a') }),
    ).toEqual(['include-cycle']);
  });

  it('files that include ever new files', () => {
    expect(
      codes('.include 1', {
        include: (path) => `.include ${Number(path) + 1}\n.include ${Number(path) + 2}x`,
      }),
    ).toContain('too-many-includes');
  });

  it('a chain of a hundred thousand parameters, backwards, is put in order', () => {
    const n = 100_000;
    const d = deck(`${many(n, (k) => `.param p${k}={p${k + 1}+1}`)}\n.param p${n}=0`);
    expect([...d.circuit.parameters.keys()][n]).toBe('p0');
  });

  it('parameters that double stay small: each is worth its number', () => {
    const d = deck(`.param p0=1\n${many(60, (k) => `.param p${k + 1}={p${k}+p${k}}`)}\nr1 a 0 {p60}`);
    expect(d.circuit.parameters.size).toBe(61);
  });

  it('a cycle of a hundred thousand parameters is found and named in brief', () => {
    const n = 100_000;
    const [error, ...rest] = errors(many(n, (k) => `.param p${k}={p${(k + 1) % n}}`));
    expect([error.code, rest.length]).toEqual(['parameter-cycle', 0]);
    expect(error.message.length).toBeLessThan(300);
  });

  it('a million errors are a thousand', () => {
    const found = codes(many(100_000, (k) => `r${k} a`));
    expect(found).toHaveLength(1001);
    expect(found[1000]).toBe('too-many-errors');
  });

  it('one line of a million words', () => {
    expect(codes(`r1 a 0 1 ${'foo '.repeat(300_000)}`)).toHaveLength(1001);
  });
});

describe('names that objects have', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'hasownproperty', 'tostring', 'valueof'];
  it.each(names)('%s is a name like any other', (name) => {
    expect(codes(`r1 a 0 {${name}}`)).toEqual(['unknown-name']);
    expect(codes(`r1 a 0 {${name}(1)}`)).toEqual(['unknown-function']);
    expect(codes(`r1 a 0 1 ${name}=1`)).toEqual(['unknown-parameter']);
    expect(codes(`.model dd d(${name}=1)`)).toEqual(['unknown-parameter']);
    expect(codes(`.model dd ${name}(is=1)`)).toEqual(['unknown-model-type']);
    expect(codes(`x1 a 0 ${name}`)).toEqual(['unknown-subcircuit']);
    expect(codes(`d1 a 0 ${name}`)).toEqual(['unknown-model']);
    expect(codes(`.${name}`)).toEqual(['unknown-command']);
    expect(codes(`r1 a 0 1\n.train ${name}`)).toEqual(['unknown-element']);
    expect(codes(`r1 a 0 1\n.train r1.${name}`)).toEqual(['unknown-parameter']);
    expect(codes(`r1 a 0 1\n.train r1 ${name}=1`)).toEqual(['unknown-parameter']);
    expect(codes(`r1 a 0 1\n.cost op v(a) target=1 ${name}=1`)).toEqual(['unknown-parameter']);
    expect(codes(`v1 a 0 ${name}(1)`)).toEqual(['unknown-waveform']);
    const d = deck(
      `.param ${name}=2\nr1 ${name} 0 {${name}}\n.subckt ${name} p q=1\nr1 p 0 {q}\n.ends\nx1 ${name} ${name} q=3\n.options ${name}=1`,
    );
    expect(d.circuit.parameters.get(name)).toBe(2);
    expect(d.circuit.elements.map((e) => e.nodes[0])).toEqual([name, name]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});

/** Deterministic stream of whole numbers below n (xorshift). */
function stream(seed: number): (n: number) => number {
  let state = seed >>> 0 || 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

const seeds = [
  `chain
.param ip=4.7m vt={0.026} w='ip*2'
.func td(x) {ip*(exp(x/vt)-1)}
Vk k 0 PULSE(0 1.2 20n 1n 1n 10n 1) AC 1 90
Rk k v1 100 tc=1m,2u
C1 v1 0 25p ic=0.1
B1 v1 0 I=td(V(v1))+(V(v1,k) > 0 ? 1 : -1)*1u
.subckt cell a b r=1k
.param half={r/2}
R1 a m {half}
L1 m b 50n
.model dl d(is={1n*r})
D1 m 0 dl off
.ends cell
X1 v1 n2 cell r={w*1k}
T1 n2 0 n3 0 Z0=50 TD=1n
E1 e 0 n3 0 2
F1 f 0 Vk 3
L2 e f 1u
L3 f 0 1u
K1 L2 L3 0.9
S1 f 0 n3 0 sw on
.model sw sw(vt=1 vh=0.1)
.options reltol=1e-4 method=trap
.ic V(v1)=0.2
.data t ip vk
+ 1m 1
2m 2
.enddata
.step param ip list 1m 2m
.tran 1n 200n 0 1n uic sweep data=t
.dc Vk 0 1 0.1
.ac dec 10 1 1meg
.meas tran m1 trig v(v1) val=0.5 rise=1 targ v(n2) val=0.5 fall=last
.meas tran m2 param='m1*2'
.save v(v1) i(vk) v(v1,n2)*2
.train Rk x1.r1 *.d1.is *1.d1 l? t1.z0 vk.v2 min={ip} max=1MEG log
.cost op v(v1,n2) target={ip*vk} weight=2 data=t
.cost tran expr={v(v1)**2*td(1)} from=1n to={w*1u}
.cost tran i(vk) target={time*1k} at=1n,2n, {ip*1u}
.end
`,
];
const fragments = [
  '(',
  ')',
  '{',
  '}',
  "'",
  '"',
  '=',
  ',',
  '+',
  '-',
  '*',
  '/',
  '^',
  '?',
  ':',
  '\n',
  '\n+',
  ';',
  '$ ',
  '.',
  ' ',
  '0',
  '1e999',
  '1k5',
  'v(',
  'i(',
  '.subckt s a\n',
  '.ends\n',
  '.param ',
  'time',
  'params:',
  '\u0000',
  'µ',
  'İ',
  '__proto__',
  '<',
  '&',
  '.control\n',
  '.data\n',
  'data=',
  'target=',
  'at=',
  'from=',
  '.train ',
  '.cost op ',
  'sweep',
  '.include x\n',
];

describe('mutated decks', () => {
  it('three thousand of them are read or end in diagnostics with places inside the text', () => {
    const pick = stream(2024);
    let refused = 0;
    for (let run = 0; run < 3000; run++) {
      let text = seeds[0];
      for (let k = 1 + pick(4); k > 0; k--) {
        const at = pick(text.length);
        const length = pick(12);
        const kind = pick(4);
        if (kind === 0) text = text.slice(0, at) + text.slice(at + length);
        else if (kind === 1) text = text.slice(0, at) + fragments[pick(fragments.length)] + text.slice(at);
        else if (kind === 2)
          text = text.slice(0, at) + fragments[pick(fragments.length)] + text.slice(at + length);
        else {
          const from = pick(text.length);
          text = text.slice(0, at) + text.slice(from, from + pick(60)) + text.slice(at);
        }
      }
      try {
        parseDeck(text, { include: (path) => (path === 'x' ? 'r77 q 0 1\n.include y' : undefined) });
      } catch (error) {
        if (!(error instanceof InputError))
          throw new Error(`run ${run}: ${String(error)}\n${text}`, { cause: error });
        refused++;
        expect(error.diagnostics.length).toBeGreaterThan(0);
        for (const { span, message, severity } of error.diagnostics) {
          expect([severity, message !== '']).toEqual(['error', true]);
          if (span === undefined) continue;
          const lines = (span.file === 'deck' ? text : 'r77 q 0 1\n.include y').split('\n');
          expect(lines[span.line - 1].replace(/\r$/, '')).toBe(span.text);
          expect(span.column).toBeGreaterThanOrEqual(1);
          expect(span.column - 1).toBeLessThanOrEqual(span.text.length);
        }
      }
    }
    expect(refused).toBeGreaterThan(1500);
    expect(refused).toBeLessThan(3000);
  });

  it('the deck they were made from is sound', () => {
    expect(parseDeck(seeds[0]).warnings).toEqual([]);
  });
});
