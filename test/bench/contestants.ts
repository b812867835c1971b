// The contestants: each runs a deck in a process of its own and says what it cost and what came out.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRaw } from '../../src/output/raw.js';
import { type BenchDeck, type RivalName, sampleTimes } from './decks.js';
import { measure, type Usage } from './measure.js';
import type { PhaseReport } from './phases.js';
import { type Samples, sample, type Waveforms } from './waveform.js';

/** One run of one contestant on one deck. */
export interface Run {
  readonly cpu: number;
  readonly wall: number;
  readonly peakBytes: number;
  /** CPU seconds of the analysis alone. */
  readonly analysis?: number;
  readonly unknowns?: number;
  readonly points?: number;
  readonly newton?: number;
  readonly factorisations?: number;
  /** Why there is no result. */
  readonly failure?: string;
  /** Its waveforms at the deck's sample times; the reference settles how to read between its points. */
  samples?(reference: Samples): Samples;
}

/** Settings of a run that differ from the deck's own. */
export interface Variation {
  readonly reltol?: number;
  /** Absolute tolerance beside it; volts, for CVODE all unknowns. */
  readonly absolute?: number;
  /** Highest order of BDF. */
  readonly maxord?: number;
  /** Replaces the deck's largest step; Infinity: none. */
  readonly tmax?: number;
}

export interface Contestant {
  readonly name: 'tellegen' | RivalName;
  /** Why this deck cannot be run, if it cannot. */
  excuse(deck: BenchDeck): string | undefined;
  run(deck: BenchDeck, variation?: Variation): Promise<Run>;
}

/** Everything that is written while benching; ignored by git. */
export const FOLDER = join('out', 'bench');
const CHILDREN = join(FOLDER, 'js', 'children');

const COMPILERS = ['cc', 'gcc', 'clang'];

const has = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** The deck with another largest step and tolerances, written to a file. */
export function writeVariant(deck: BenchDeck, variation: Variation, dialect: string): string {
  mkdirSync(join(FOLDER, 'decks'), { recursive: true });
  let text = deck.text;
  const { reltol, absolute, maxord, tmax } = variation;
  if (tmax !== undefined)
    text = text.replace(/^(\.tran \S+ \S+) \S+ \S+/im, tmax === Infinity ? '$1' : `$1 0 ${tmax}`);
  const options = [
    ...(reltol !== undefined ? [`reltol=${reltol}`] : []),
    ...(absolute !== undefined ? [`vntol=${absolute}`] : []),
    ...(maxord !== undefined ? [`maxord=${maxord}`] : []),
  ];
  if (options.length > 0) text = text.replace(/^\.end$/im, `.options ${options.join(' ')}\n.end`);
  const varied = text === deck.text ? '' : '.varied';
  const path = join(FOLDER, 'decks', `${deck.name}.${dialect}${varied}.cir`);
  writeFileSync(path, text);
  return path;
}

const failed = (usage: Usage, patience: number): string | undefined => {
  if (usage.timedOut) return `not finished after ${patience} s`;
  if (usage.status === 0) return undefined;
  const said = `${usage.stderr}\n${usage.stdout}`.split('\n').filter((line) => /\S/.test(line));
  return `exit ${usage.status}: ${said.find((line) => /error/i.test(line)) ?? said.at(-1) ?? 'without a word'}`;
};

const costs = ({ cpu, wall, peakBytes }: Usage) => ({ cpu, wall, peakBytes });

/** Waveforms of the last plot of a rawfile. */
function readWaveforms(path: string): Waveforms {
  const plot = readRaw(readFileSync(path)).at(-1)!;
  const columns = new Map(plot.variables.map((v) => [v.name.toLowerCase(), v.values]));
  return { time: columns.get('time')!, columns };
}

const samplesOf =
  (deck: BenchDeck, waveforms: Waveforms) =>
  (reference: Samples): Samples =>
    sample(waveforms, deck.signals, sampleTimes(deck), reference);

/**
 * Tellegen by its command line for the cost of the whole process; a second process, through the library, tells the
 * phases apart and gives the dense output at the sample times. Both take the same steps (checked).
 */
export function tellegen(): Contestant {
  return {
    name: 'tellegen',
    excuse: () => (existsSync(join('dist', 'cli.js')) ? undefined : 'not built: npm run build'),
    async run(deck, variation = {}) {
      const path = writeVariant(deck, variation, 'tellegen');
      const raw = join(FOLDER, `${deck.name}.tellegen.raw`);
      rmSync(raw, { force: true });
      const { patience } = deck;
      const words = ['node', join('dist', 'cli.js'), 'run', path, '-o', raw, '--quiet'];
      const usage = await measure({ words, patience });
      const failure = failed(usage, patience);
      if (failure) return { ...costs(usage), failure };
      const phases = await tellegenPhases(deck, path);
      const points = readRaw(readFileSync(raw)).at(-1)!.variables[0].values.length;
      if (points !== phases.points)
        return {
          ...costs(usage),
          failure: `the command took ${points} points, the library ${phases.points}`,
        };
      return {
        ...costs(usage),
        analysis: phases.seconds.analysis,
        unknowns: phases.unknowns,
        points,
        newton: phases.newton,
        factorisations: phases.factorisations,
        samples: () => phases.samples.map((values) => Float64Array.from(values)),
      };
    },
  };
}

/** Tellegen's phases, counts and samples by a process of its own. */
export async function tellegenPhases(deck: BenchDeck, path: string): Promise<PhaseReport> {
  const request = {
    path,
    times: [...sampleTimes(deck)],
    signals: deck.signals,
  };
  const usage = await measure({
    words: ['node', join(CHILDREN, 'library.js')],
    input: JSON.stringify(request),
    patience: 10 * deck.patience,
  });
  const failure = failed(usage, 10 * deck.patience);
  if (failure) throw new Error(`tellegen as a library: ${failure}`);
  return JSON.parse(usage.stdout) as PhaseReport;
}

/** Debian's ngspice in batch mode; its own account for the counts. */
export function ngspice(): Contestant {
  const found = has('ngspice');
  return {
    name: 'ngspice',
    excuse: () => (found ? undefined : 'ngspice is not installed'),
    async run(deck, variation = {}) {
      const path = writeVariant(deck, variation, 'ngspice');
      const raw = join(FOLDER, `${deck.name}.ngspice.raw`);
      rmSync(raw, { force: true });
      const { patience } = deck;
      const usage = await measure({ words: ['ngspice', '-b', '-r', raw, path], patience });
      const failure =
        failed(usage, patience) ??
        (/analysis time/.test(usage.stdout) && existsSync(raw) ? undefined : 'it did not run the deck');
      if (failure) return { ...costs(usage), failure };
      const account = (name: string) =>
        Number(new RegExp(`^${name}\\s*=\\s*(\\S+)`, 'm').exec(usage.stdout)?.[1]);
      const waveforms = readWaveforms(raw);
      return {
        ...costs(usage),
        // Its clock runs on while others have the processor.
        analysis: Math.min(account('Total analysis time \\(seconds\\)'), usage.cpu),
        unknowns: account('Circuit Equations'),
        points: waveforms.time.length,
        newton: account('Total iterations'),
        // It factors anew in every iteration.
        factorisations: account('Total iterations'),
        samples: samplesOf(deck, waveforms),
      };
    },
  };
}

/** A simulator from npm in a node process that reads the deck and writes a rawfile. */
function packaged(
  name: 'ngspice-wasm' | 'spice-ts',
  script: string,
  grammar: RegExp,
  excuse: string,
): Contestant {
  return {
    name,
    excuse: (deck) => (grammar.test(deck.text) ? excuse : undefined),
    async run(deck, variation = {}) {
      const path = writeVariant(deck, variation, name);
      const raw = join(FOLDER, `${deck.name}.${name}.raw`);
      rmSync(raw, { force: true });
      const { patience } = deck;
      const tmax = variation.tmax ?? deck.tmax;
      const nodes = new Set(deck.signals.flatMap((s) => [s.plus, ...(s.minus ? [s.minus] : [])]));
      const words = ['node', join(CHILDREN, script), path, raw, String(tmax), ...nodes];
      const usage = await measure({ words, patience });
      const failure =
        failed(usage, patience) ?? (existsSync(raw) ? undefined : `no result: ${usage.stderr.slice(0, 200)}`);
      if (failure) return { ...costs(usage), failure };
      const waveforms = readWaveforms(raw);
      const analysis = Number(/^analysis (\S+)$/m.exec(usage.stdout)?.[1]);
      return {
        ...costs(usage),
        analysis,
        points: waveforms.time.length,
        samples: samplesOf(deck, waveforms),
      };
    },
  };
}

/** ngspice 45 compiled to WebAssembly. */
export const ngspiceWasm = (): Contestant => packaged('ngspice-wasm', 'eecircuit.js', /^\.never/m, '');

/** The simulator in TypeScript; it knows R C L V I D Q M E G H F X. */
export const spiceTs = (): Contestant =>
  packaged('spice-ts', 'spice-ts.js', /^[BTSWN]/im, 'it has no such device (B source or line)');

/** CVODE with KLU in C: knows only chains of FitzHugh–Nagumo cells. Built when compiler and library are there. */
export function cvode(): Contestant {
  const missing = buildCvode();
  const program = join(FOLDER, 'fhn-cvode');
  return {
    name: 'cvode',
    excuse: (deck) => (deck.cells === undefined ? 'written for FHN chains only' : missing),
    async run(deck, variation = {}) {
      const reltol = variation.reltol ?? 1e-3;
      const tmax = variation.tmax ?? deck.tmax;
      const words = [
        program,
        String(deck.cells),
        String(reltol),
        String(variation.absolute ?? reltol),
        String(tmax === Infinity ? 0 : tmax),
      ];
      const times = sampleTimes(deck);
      const usage = await measure({ words, input: times.join('\n'), patience: deck.patience });
      const failure = failed(usage, deck.patience);
      if (failure) return { ...costs(usage), failure };
      const said = (name: string) => Number(new RegExp(`^# ${name} (\\S+)$`, 'm').exec(usage.stdout)?.[1]);
      const rows = usage.stdout
        .split('\n')
        .filter((line) => /^[\d-]/.test(line))
        .map((line) => line.split(' ').map(Number));
      return {
        ...costs(usage),
        analysis: said('analysis'),
        unknowns: said('unknowns'),
        points: said('points'),
        newton: said('newton'),
        factorisations: said('factorisations'),
        samples: () => deck.signals.map((_, s) => Float64Array.from(rows, (row) => row[s + 1])),
      };
    },
  };
}

/** Why it could not be built, if so. */
function buildCvode(): string | undefined {
  const compiler = COMPILERS.find(has);
  if (!compiler) return 'no C compiler';
  mkdirSync(FOLDER, { recursive: true });
  const source = join('test', 'bench', 'peers', 'fhn-cvode.c');
  const libraries = ['cvode', 'nvecserial', 'sunlinsolklu', 'sunmatrixsparse'].map((l) => `-lsundials_${l}`);
  try {
    execFileSync(
      compiler,
      ['-O3', '-I/usr/include/suitesparse', '-o', join(FOLDER, 'fhn-cvode'), source, ...libraries, '-lm'],
      { stdio: 'pipe' },
    );
    return undefined;
  } catch {
    return 'libsundials-dev is not installed';
  }
}
