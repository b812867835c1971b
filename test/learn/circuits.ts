// Circuits that tests of learning share, as cards without title and `.end`.

/** A ladder of stages, each a one-way amplifier A forth and B back: v_out = A·v_in, i_in = B·i_out. */
export const amplifierChain = (stages: number, forth: number, back: number): string =>
  [
    'v1 in 0 0.1',
    'r0 in n0 1k',
    ...Array.from({ length: stages }, (_, k) =>
      [
        `rg${k} n${k} 0 2k`,
        `d${k} n${k} 0 dm`,
        `e${k} m${k} 0 n${k} 0 ${forth}`,
        `b${k} n${k} 0 i={${-back}*i(e${k})}`,
        `r${k + 1} m${k} n${k + 1} 1k`,
      ].join('\n'),
    ),
    `rl n${stages} 0 3k`,
    '.model dm d is=1u',
  ].join('\n');

/** An RLC network with diodes and a tunnel diode, a transformer and a series branch to a source. */
export const reciprocalNetwork = [
  'v1 a 0 0.8',
  'i1 0 c 0.3m',
  'r1 a b 1k',
  'd1 b c dm',
  'r2 b 0 3k',
  'r3 c 0 2k',
  'l1 c d 1m',
  'r4 d 0 4k',
  'c1 d 0 1n',
  'dt e 0 tm',
  'r5 d e 500',
  'y1 e 0 g 0 tr n=2',
  'r6 g h 1k',
  'v2 h 0 0.2',
  'r7 d 0 5k',
  '.model dm d is=1e-12 cjo=1p',
  '.model tm tunnel',
  '.model tr transformer',
].join('\n');

/**
 * A chain of FitzHugh–Nagumo cells whose inhibitor spreads sixteen times faster, held in the standing stripes into which
 * the uniform state decays. `.nodeset` leads Newton there.
 */
export function turingChain(cells: number): string {
  const cards = ['.model cell fhn (c=1 vs={1/sqrt(3)} ibias=0.02 tau=0.5 gamma=0.6 a=0)'];
  for (let k = 1; k <= cells; k++) {
    const stripe = 0.8 * Math.cos((2 * Math.PI * k) / 10);
    cards.push(`n${k} v${k} w${k} cell`, `.nodeset v(v${k})=${stripe} v(w${k})=${0.4 * stripe}`);
    if (k > 1) cards.push(`rv${k} v${k - 1} v${k} 2`, `rw${k} w${k - 1} w${k} 0.125`);
  }
  return cards.join('\n');
}

/** Every kind of device, no switch near its edge, in circuits that have one operating point. */
export const everyDevice: Readonly<Record<string, string>> = {
  'two-terminal elements': `${reciprocalNetwork}\nl2 c x flux={1m*x+2u*x^3}\nr8 x 0 2k\nc2 b 0 q={1n*x^2}\nk1 l1 l3 0.5\nl3 d y 2m\nr9 y 0 7k`,
  'controlled sources': [
    'v1 a 0 0.6',
    'vs a b 0',
    'r1 b c 1k',
    'r2 c 0 2k',
    'e1 d 0 c 0 1.5',
    'r3 d e 1k',
    'g1 e 0 c 0 0.4m',
    'r4 e 0 3k',
    'f1 e 0 vs 0.3',
    'h1 f 0 vs 200',
    'r5 f e 2k',
    'd1 e 0 dm',
    'b1 c 0 i={0.1m*tanh(3*v(e))}',
    'b2 g 0 v={0.5*v(c)+v(e)^2}',
    'r6 g h 1k',
    'e2 i 0 value={0.3*v(h)*v(c)}',
    'r7 i h 2k',
    'g2 h 0 value={1m*v(h)^3}',
    'y1 h 0 j 0 gy g=1m',
    'r8 j 0 1k',
    '.model dm d is=1u n=1.1',
    '.model gy gyrator',
  ].join('\n'),
  'lines, switches and cells': [
    'v1 a 0 0.9',
    'vs a b 0',
    'r1 b c 50',
    't1 c 0 d 0 z0=75 td=1n',
    'r2 d 0 100',
    's1 d e c 0 sv on',
    'r3 e 0 200',
    'w1 e f vs sc off',
    'r4 f 0 300',
    'n1 g h cell',
    'r5 g e 2',
    'r6 h 0 3',
    'dt e 0 tm',
    '.model sv sw vt=0.02 ron=10 roff=1meg',
    '.model sc csw it=1 ron=5 roff=1k',
    '.model cell fhn c=1 gamma=0.9 g=0.1 tau=2 ibias=0.05 a=0.02',
    '.model tm tunnel',
  ].join('\n'),
};
