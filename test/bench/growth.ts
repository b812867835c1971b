// How cost grows with the circuit: time per accepted step and memory per unknown along FHN chains, a square of cells
// beside a chain of as many, and what it takes to read large decks.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER } from './contestants.js';
import { fhnChain, fhnGrid } from './decks.js';
import { logLog } from './loglog.js';
import { measure } from './measure.js';
import type { PhaseReport, PhaseRequest } from './phases.js';

export interface Size {
  readonly name: string;
  readonly cards: number;
  readonly report: PhaseReport;
  /** Seconds per accepted step. */
  readonly perStep: number;
  /** Bytes beyond those of the smallest circuit. */
  readonly memory: number;
}

export interface Reading {
  readonly cards: number;
  /** CPU seconds of reading and compiling alone. */
  readonly parse: number;
  readonly compile: number;
  /** `tellegen check`: the whole process. */
  readonly check: {
    readonly cpu: number;
    readonly wall: number;
    readonly peakBytes: number;
    readonly failure?: string;
  };
}

export interface Growth {
  readonly chain: readonly Size[];
  readonly timeExponent: number;
  readonly memoryExponent: number;
  readonly square: readonly Size[];
  readonly readings: readonly Reading[];
}

/** Until the pulse is on its way; small circuits longer, so that compiling the loops does not count as steps. */
const transient = (cells: number): string => (cells > 20_000 ? '0.5 20 0 0.5' : '0.5 100 0 0.5');
const CELLS = [200, 2000, 20_000, 200_000];

export async function growth(quick: boolean, tell: (text: string) => void): Promise<Growth> {
  mkdirSync(join(FOLDER, 'decks'), { recursive: true });
  const base = await sizeOf('fhn1', fhnChain(1, transient(1)), 0);
  const chain: Size[] = [];
  for (const n of quick ? CELLS.slice(0, 3) : CELLS) {
    tell(`growth: chain of ${n}`);
    chain.push(await sizeOf(`chain of ${n}`, fhnChain(n, transient(n)), base.report.peakBytes));
  }
  tell('growth: square of 100 x 100');
  const square = [
    await sizeOf('square 100 x 100', fhnGrid(100, transient(10_000)), base.report.peakBytes),
    await sizeOf('chain of 10000', fhnChain(10_000, transient(10_000)), base.report.peakBytes),
  ];
  const readings: Reading[] = [];
  for (const n of quick ? [20_000] : [20_000, 200_000]) {
    tell(`growth: ${5 * n} cards`);
    readings.push(await readingOf(n));
  }
  return {
    chain,
    timeExponent: exponent(chain.map((s) => [s.report.unknowns, s.perStep])),
    memoryExponent: exponent(chain.slice(1).map((s) => [s.report.unknowns, s.memory])),
    square,
    readings,
  };
}

/** Slope of the least-squares line through (log x, log y). */
export function exponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mx = logs.reduce((s, [x]) => s + x, 0) / logs.length;
  const my = logs.reduce((s, [, y]) => s + y, 0) / logs.length;
  return (
    logs.reduce((s, [x, y]) => s + (x - mx) * (y - my), 0) / logs.reduce((s, [x]) => s + (x - mx) ** 2, 0)
  );
}

const cardsOf = (text: string): number => text.split('\n').length - 1;

async function sizeOf(name: string, text: string, base: number): Promise<Size> {
  const path = join(FOLDER, 'decks', 'growth.cir');
  writeFileSync(path, text);
  const report = await phases({ path, times: [], signals: [] });
  const { analysis, operatingPoint } = report.seconds;
  const perStep = (analysis - operatingPoint) / Math.max(1, report.points - 1);
  return { name, cards: cardsOf(text), report, perStep, memory: report.peakBytes - base };
}

async function readingOf(cells: number): Promise<Reading> {
  const path = join(FOLDER, 'decks', 'growth.cir');
  const text = fhnChain(cells);
  writeFileSync(path, text);
  const { seconds } = await phases({ path, times: [], signals: [], readOnly: true });
  const usage = await measure({ words: ['node', join('dist', 'cli.js'), 'check', path], patience: 120 });
  const { cpu, wall, peakBytes } = usage;
  const failure =
    usage.status === 0 ? {} : { failure: `exit ${usage.status}: ${usage.stderr.trim().split('\n')[0]}` };
  return {
    cards: cardsOf(text),
    parse: seconds.parse,
    compile: seconds.compile,
    check: { cpu, wall, peakBytes, ...failure },
  };
}

async function phases(request: PhaseRequest): Promise<PhaseReport> {
  const words = ['node', join(FOLDER, 'js', 'children', 'library.js')];
  const usage = await measure({ words, input: JSON.stringify(request), patience: 600 });
  if (usage.status !== 0) throw new Error(`${request.path}: ${usage.stderr.trim()}`);
  return JSON.parse(usage.stdout) as PhaseReport;
}

export const drawGrowth = (growth: Growth): string =>
  logLog({
    title: 'FHN chains of 200 to 200 000 cells',
    x: 'unknowns',
    y: 'CPU milliseconds per step; bytes per unknown',
    series: [
      {
        name: `time, ∝ n^${growth.timeExponent.toFixed(2)}`,
        points: growth.chain.map((s) => [s.report.unknowns, 1e3 * s.perStep]),
      },
      {
        name: 'memory per unknown',
        points: growth.chain.map((s) => [s.report.unknowns, s.memory / s.report.unknowns]),
      },
    ],
  });
