// What a gradient costs beside the run that it is a gradient of: over time against the number of parameters and along
// many steps of small circuits, and at a thousand operating points of one topology.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../src/math/random.js';
import { FOLDER } from './contestants.js';
import { fhnChain } from './decks.js';
import { measure } from './measure.js';

export interface GradientRequest {
  readonly path: string;
  readonly rounds: number;
}

export interface GradientReport {
  readonly unknowns: number;
  readonly parameters: number;
  readonly rows: number;
  /** CPU seconds of the runs alone, and of the gradient with the runs it needs. */
  readonly alone: number;
  readonly withGradient: number;
  /** Relative, along one direction, against a central difference. */
  readonly error: number;
}

export interface GradientRow extends GradientReport {
  readonly circuit: string;
}

export interface Gradients {
  readonly transient: readonly GradientRow[];
  readonly operatingPoint: GradientRow;
}

/** Of each the quickest counts: by then the engine has compiled what it will. */
const ROUNDS = 20;
const PARAMETERS = [10, 100, 1000, 10_000];
/** Four numbers of each cell can be trained: its capacitor, inductor, resistor and coupling. */
const CELLS = 2500;

export async function gradients(quick: boolean, tell: (text: string) => void): Promise<Gradients> {
  mkdirSync(join(FOLDER, 'decks'), { recursive: true });
  const rounds = quick ? 1 : ROUNDS;
  const transient: GradientRow[] = [];
  const cells = quick ? 250 : CELLS;
  for (const parameters of PARAMETERS.filter((n) => n <= 4 * cells)) {
    tell(`gradients: ${parameters} parameters over time`);
    transient.push(await gradientOf('chain', chainOf(cells, parameters), rounds));
  }
  const periods = quick ? 50 : 500;
  for (const [circuit, text] of Object.entries({
    RC: twoCapacitors(periods),
    rectifier: rectifier(periods),
  })) {
    tell(`gradients: ${circuit} over many steps`);
    transient.push(await gradientOf(circuit, text, rounds));
  }
  tell('gradients: operating points');
  return { transient, operatingPoint: await gradientOf('crossbar', crossbar(quick ? 100 : 1000), rounds) };
}

async function gradientOf(circuit: string, text: string, rounds: number): Promise<GradientRow> {
  const path = join(FOLDER, 'decks', 'gradient.cir');
  writeFileSync(path, text);
  const words = ['node', join(FOLDER, 'js', 'children', 'gradient.js')];
  const request: GradientRequest = { path, rounds };
  const usage = await measure({ words, input: JSON.stringify(request), patience: 600 });
  if (usage.status !== 0) throw new Error(`${path}: ${usage.stderr.trim()}`);
  return { circuit, ...(JSON.parse(usage.stdout) as GradientReport) };
}

/** A kicked chain whose last cell is to stay quiet. */
function chainOf(cells: number, parameters: number): string {
  const names = Array.from({ length: cells }, (_, k) => [`C${k + 1}`, `L${k + 1}`, `R${k + 1}`, `Rc${k + 1}`])
    .flat()
    .filter((name) => name !== 'Rc1')
    .concat('Rk')
    .slice(0, parameters);
  const learning = `.train ${names.join(' ')}\n.cost tran v(v4) target=-1.2\n`;
  return fhnChain(cells, '0.5 50 0 0.5').replace('.options acct\n', learning);
}

/** Two unknowns and a hundred steps a period. */
function twoCapacitors(periods: number): string {
  return [
    '* A sine through two resistors with a capacitor each',
    'V1 in 0 SIN(0 1 1k)',
    'R1 in a 1k',
    'C1 a 0 0.1u',
    'R2 a b 1k',
    'C2 b 0 0.1u',
    `.tran 10u ${periods}m 0 10u`,
    '.train R1 R2 C1 C2',
    '.cost tran v(b) target=0.3',
    '.end\n',
  ].join('\n');
}

/** Two diodes that store charge, at steps of their own. */
function rectifier(periods: number): string {
  return [
    '* A sine through diodes into a capacitor and its load',
    'V1 in 0 SIN(0 10 1k)',
    'R1 in a 50',
    'D1 a out dm',
    'D2 0 a dm',
    'C1 out 0 1u',
    'R2 out 0 10k',
    '.model dm d(is=1e-14 cjo=100p tt=10n rs=2)',
    `.tran 10u ${periods}m 0 10u`,
    '.train R1 R2 C1 D1.is D1.cjo D2.tt',
    '.cost tran v(out) target=5',
    '.end\n',
  ].join('\n');
}

const INPUTS = 8;
const HIDDEN = 24;
const OUTPUTS = 4;

/** Two crossbars of resistors with diodes between them, and random inputs and targets. */
function crossbar(rows: number): string {
  const random = createRandom(5);
  const lines = ['* Two crossbars', '.model clamp d(is=1u)'];
  const columns: string[] = [];
  for (let i = 0; i < INPUTS; i++) {
    columns.push(`x${i}`);
    lines.push(`.param x${i}=0`, `Vp${i} p${i} 0 {x${i}}`, `Vm${i} m${i} 0 {-x${i}}`);
    for (let h = 0; h < HIDDEN; h++)
      for (const side of 'pm')
        lines.push(`R${side}${i}h${h} ${side}${i} h${h} ${(1e3 * 10 ** random.uniform()).toFixed(1)}`);
  }
  for (let h = 0; h < HIDDEN; h++) {
    lines.push(h % 2 === 0 ? `D${h} 0 h${h} clamp` : `D${h} h${h} 0 clamp`);
    for (let o = 0; o < OUTPUTS; o++)
      lines.push(`Rh${h}o${o} h${h} o${o} ${(1e3 * 10 ** random.uniform()).toFixed(1)}`);
  }
  for (let o = 0; o < OUTPUTS; o++) {
    columns.push(`y${o}`);
    lines.push(`.param y${o}=0`, `Rg${o} o${o} 0 1k`, `.cost op v(o${o}) target={y${o}} data=rows`);
  }
  lines.push(`.data rows ${columns.join(' ')}`);
  for (let r = 0; r < rows; r++)
    lines.push(`+ ${columns.map(() => (2 * random.uniform() - 1).toFixed(3)).join(' ')}`);
  return [...lines, '.enddata', '.train R*', '.op', '.end', ''].join('\n');
}
