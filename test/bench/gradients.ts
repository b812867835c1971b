// What a gradient costs beside the run that it is a gradient of: over time against the number of parameters, and at a
// thousand operating points of one topology.
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

export interface Gradients {
  readonly transient: readonly GradientReport[];
  readonly operatingPoint: GradientReport;
}

const PARAMETERS = [10, 100, 1000, 10_000];
/** Four numbers of each cell can be trained: its capacitor, inductor, resistor and coupling. */
const CELLS = 2500;

export async function gradients(quick: boolean, tell: (text: string) => void): Promise<Gradients> {
  mkdirSync(join(FOLDER, 'decks'), { recursive: true });
  const rounds = quick ? 1 : 3;
  const transient: GradientReport[] = [];
  const cells = quick ? 250 : CELLS;
  for (const parameters of PARAMETERS.filter((n) => n <= 4 * cells)) {
    tell(`gradients: ${parameters} parameters over time`);
    transient.push(await gradientOf(chainOf(cells, parameters), rounds));
  }
  tell('gradients: operating points');
  return { transient, operatingPoint: await gradientOf(crossbar(quick ? 100 : 1000), rounds) };
}

async function gradientOf(text: string, rounds: number): Promise<GradientReport> {
  const path = join(FOLDER, 'decks', 'gradient.cir');
  writeFileSync(path, text);
  const words = ['node', join(FOLDER, 'js', 'children', 'gradient.js')];
  const request: GradientRequest = { path, rounds };
  const usage = await measure({ words, input: JSON.stringify(request), patience: 600 });
  if (usage.status !== 0) throw new Error(`${path}: ${usage.stderr.trim()}`);
  return JSON.parse(usage.stdout) as GradientReport;
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
