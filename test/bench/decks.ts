// The circuits of the bench: small ones as decks, regular ones printed from their rule, always the same text.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type RivalName = 'ngspice' | 'ngspice-wasm' | 'spice-ts' | 'cvode';

export interface Signal {
  readonly plus: string;
  readonly minus?: string;
}

export interface BenchDeck {
  readonly name: string;
  readonly text: string;
  /** End of the transient, s, and the largest step that the card prescribes. */
  readonly tstop: number;
  readonly tmax: number;
  /** Node voltages (or differences of two) whose error is measured. */
  readonly signals: readonly Signal[];
  /** Times at which the error is measured. */
  readonly samples: number;
  /** FitzHugh–Nagumo chains: their length, for the program that knows nothing else. */
  readonly cells?: number;
  /** Whole-process CPU over the rival's that is to be reached; CVODE: of the analysis alone, at equal error. */
  readonly targets: Readonly<Partial<Record<RivalName, number>>>;
  /** Seconds after which a contestant is stopped. */
  readonly patience: number;
}

const node = (plus: string, minus?: string): Signal => (minus === undefined ? { plus } : { plus, minus });

/** One FitzHugh–Nagumo cell at node v<k>: capacitor, cubic conductance, recovery branch to the bias rail. */
const cell = (k: string) =>
  `C${k} v${k} 0 1\nB${k} v${k} 0 I=V(v${k})*V(v${k})*V(v${k})/3-V(v${k})\nL${k} v${k} a${k} 12.5\nR${k} a${k} bias 0.8\n`;

const kick = 'Vkick k 0 PULSE(0 2.5 10 0.1 0.1 5 1e6)\nRk k v1 2\nVb bias 0 -0.7\n';

/**
 * A kicked chain of n cells, neighbours joined by 2 Ω.
 * @param transient the words after `.tran`
 */
export function fhnChain(n: number, transient = '0.5 200 0 0.1'): string {
  const lines = [`* ${n} FitzHugh-Nagumo cells in a row, the first one kicked at t = 10\n`, kick, cell('1')];
  for (let k = 2; k <= n; k++) lines.push(cell(String(k)), `Rc${k} v${k - 1} v${k} 2\n`);
  lines.push(`.tran ${transient}\n.save v(v1) v(v${Math.max(1, n >> 1)}) v(v${n})\n.options acct\n.end\n`);
  return lines.join('');
}

/** side × side cells, each joined to its four neighbours by 2 Ω, one corner kicked; numbered row by row. */
export function fhnGrid(side: number, transient: string): string {
  const lines = [
    `* ${side} x ${side} FitzHugh-Nagumo cells on a square, one corner kicked at t = 10\n`,
    kick,
  ];
  for (let k = 1; k <= side * side; k++) {
    lines.push(cell(String(k)));
    if (k % side !== 0) lines.push(`Rh${k} v${k} v${k + 1} 2\n`);
    if (k > side) lines.push(`Rv${k} v${k - side} v${k} 2\n`);
  }
  lines.push(`.tran ${transient}\n.save v(v1) v(v${side * side})\n.options acct\n.end\n`);
  return lines.join('');
}

/** n tunnel-diode oscillator cells, neighbours joined by 200 Ω, the first one kicked. */
function tunnelChain(n: number): string {
  const lines = [
    `* ${n} tunnel-diode cells in a row; the Esaki characteristic as an expression\n`,
    '.param vp=0.1 ip=4.7m vpp=0.525 vt=0.026 iv=0.37m vv=0.37\n',
    'Vb bias 0 0.25\nVk k 0 PULSE(0 1.2 20n 1n 1n 10n 1)\nRk k v1 100\n',
  ];
  for (let k = 1; k <= n; k++) {
    const v = `V(v${k})`;
    lines.push(
      `C${k} v${k} 0 25p\n`,
      `B${k} v${k} 0 I=ip*exp(-vpp/vt)*(exp(${v}/vt)-1)+ip*(${v}/vp)*exp(1-${v}/vp)+iv*exp(${v}-vv)\n`,
      `L${k} bias a${k} 50n\nR${k} a${k} v${k} 5\n`,
    );
    if (k > 1) lines.push(`Rc${k} v${k - 1} v${k} 200\n`);
  }
  lines.push(`.tran 0.2n 200n 0 0.1n\n.save v(v1) v(v${n / 2}) v(v${n})\n.options acct\n.end\n`);
  return lines.join('');
}

function rcLadder(n: number): string {
  const lines = [
    `* a square wave into ${n} sections of 1 kOhm and 1 pF: diffusion\n`,
    'V1 n0 0 PULSE(0 1 0 1n 1n 5u 10u)\n',
  ];
  for (let k = 1; k <= n; k++) lines.push(`R${k} n${k - 1} n${k} 1k\nC${k} n${k} 0 1p\n`);
  lines.push(`.tran 1e-09 1e-05 0 1e-09\n.save v(n${n})\n.options acct\n.end\n`);
  return lines.join('');
}

function lcLadder(n: number): string {
  const lines = [
    `* a pulse down ${n} sections of 250 nH and 100 pF, 50 Ohm at both ends: a wave\n`,
    'V1 s 0 PULSE(0 1 1n 1n 1n 20n 1)\nRs s n0 50\n',
  ];
  for (let k = 1; k <= n; k++) lines.push(`L${k} n${k - 1} n${k} 250n\nC${k} n${k} 0 100p\n`);
  lines.push(`Rl n${n} 0 50\n.tran 1n 10u 0 1n\n.save v(n${n})\n.options acct\n.end\n`);
  return lines.join('');
}

/** n lossless lines of 1 ns in a row, alternately of 75 and 50 Ω: every joint reflects. */
function lineChain(n: number): string {
  const lines = [
    `* ${n} lossless lines of 75 and 50 Ohm in turn\n`,
    'V1 s 0 PULSE(0 2 1n 0.1n 0.1n 2n 1)\nRs s n0 50\n',
  ];
  for (let k = 1; k <= n; k++) lines.push(`T${k} n${k - 1} 0 n${k} 0 Z0=${k % 2 ? 75 : 50} TD=1n\n`);
  lines.push(`Rl n${n} 0 50\n.tran 0.05n 200n 0 0.05n\n.save v(n0) v(n${n})\n.options acct\n.end\n`);
  return lines.join('');
}

const fromFile = (name: string) => readFileSync(join('test', 'bench', 'decks', `${name}.cir`), 'utf8');

/** Every deck of the comparison, in the order of the table. */
export function benchDecks(): readonly BenchDeck[] {
  const fhn = (n: number, targets: BenchDeck['targets']): BenchDeck => ({
    name: `fhn${n}`,
    text: fhnChain(n),
    tstop: 200,
    tmax: 0.1,
    signals: [node('v1'), node(`v${n / 2}`), node(`v${n}`)],
    samples: 241,
    cells: n,
    targets,
    patience: 120,
  });
  const lines = (n: number): BenchDeck => ({
    name: `tchain${n}`,
    text: lineChain(n),
    tstop: 200e-9,
    tmax: 0.05e-9,
    signals: [node('n0'), node(`n${n}`)],
    samples: 2003,
    targets: {},
    patience: 20,
  });
  const rectifier = (name: string, targets: BenchDeck['targets']): BenchDeck => ({
    name,
    text: fromFile(name),
    tstop: 1,
    tmax: 1e-6,
    signals: [node('outp', 'outn'), node('outp')],
    samples: 2003,
    targets,
    patience: 120,
  });
  return [
    fhn(200, { ngspice: 0.5, 'ngspice-wasm': 0.3 }),
    fhn(2000, { ngspice: 0.1, 'ngspice-wasm': 0.1, cvode: 1 }),
    {
      name: 'td200',
      text: tunnelChain(200),
      tstop: 200e-9,
      tmax: 0.1e-9,
      signals: [node('v1'), node('v100'), node('v200')],
      samples: 241,
      targets: { ngspice: 0.35, 'ngspice-wasm': 0.3 },
      patience: 120,
    },
    {
      name: 'rc1000',
      text: rcLadder(1000),
      tstop: 1e-5,
      tmax: 1e-9,
      signals: [node('n1000')],
      samples: 241,
      targets: { ngspice: 0.35, 'ngspice-wasm': 0.3 },
      patience: 120,
    },
    {
      name: 'lc500',
      text: lcLadder(500),
      tstop: 1e-5,
      tmax: 1e-9,
      signals: [node('n500')],
      samples: 2003,
      targets: { ngspice: 0.35, 'ngspice-wasm': 0.3 },
      patience: 120,
    },
    rectifier('graetz', { ngspice: 0.8, 'ngspice-wasm': 0.4 }),
    rectifier('vac_graetz', { ngspice: 0.8, 'ngspice-wasm': 0.4 }),
    {
      name: 'vac_mul',
      text: fromFile('vac_mul'),
      tstop: 5e-3,
      tmax: 1e-8,
      signals: [node('20')],
      samples: 2003,
      targets: { ngspice: 0.8, 'ngspice-wasm': 0.4 },
      patience: 120,
    },
    {
      name: 'vac_rc',
      text: fromFile('vac_rc'),
      tstop: 1,
      tmax: 1e-6,
      signals: [node('2')],
      samples: 2003,
      targets: { ngspice: 0.8, 'ngspice-wasm': 0.4 },
      patience: 120,
    },
    lines(10),
    lines(100),
  ];
}

/** Spread over (0, tstop), one in each of `samples` equal parts at golden-ratio places: no period is aliased. */
export function sampleTimes(deck: { readonly tstop: number; readonly samples: number }): Float64Array {
  const golden = (Math.sqrt(5) - 1) / 2;
  return Float64Array.from(
    { length: deck.samples },
    (_, k) => (deck.tstop * (k + (((k + 1) * golden) % 1))) / deck.samples,
  );
}
