// npm run bench: Tellegen and its rivals on the same decks on the same machine, with the error beside every time.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type Comparison, compare } from './compare.js';
import { type Contestant, cvode, ngspice, ngspiceWasm, spiceTs, tellegen } from './contestants.js';
import { benchDecks } from './decks.js';
import { gradients } from './gradients.js';
import { drawGrowth, growth } from './growth.js';
import { runMutants } from './mutants.js';
import { type BenchOptions, readBenchOptions, USAGE } from './options.js';
import { atEqualError, type Curve, curveOf, drawCurves } from './precision.js';
import { referenceOf } from './reference.js';
import {
  type Parity,
  reportComparison,
  reportCurves,
  reportGradients,
  reportGrowth,
  reportMutants,
  reportTargets,
} from './report.js';

const PRECISION_DECK = 'fhn2000';

const out = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
/** What is being done now, on a line that is overwritten. */
const tell = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
};
const clear = (): void => tell('');

async function bench(options: BenchOptions): Promise<Record<string, unknown>> {
  const contestants = [tellegen(), ngspice(), ngspiceWasm(), spiceTs(), cvode()];
  const judge = contestants.find((c) => c.name === 'cvode')!;
  const all = benchDecks();
  const strange = options.decks.find((name) => !all.some((deck) => deck.name === name));
  if (strange !== undefined)
    throw new Error(`no deck ${strange}; there are ${all.map((deck) => deck.name).join(', ')}`);
  const found: Record<string, unknown> = {
    machine: { processor: cpus()[0]?.model, cores: cpus().length, node: process.version },
    runs: options.runs,
  };
  out(`${cpus().length} × ${cpus()[0]?.model}, node ${process.version}, ${options.runs} rounds\n`);

  const comparisons: Comparison[] = [];
  if (options.only.includes('decks')) {
    for (const deck of all.filter((d) => options.decks.length === 0 || options.decks.includes(d.name))) {
      tell(`${deck.name}: reference`);
      const reference = await referenceOf(deck, judge);
      const comparison = await compare(deck, contestants, options.runs, reference, tell);
      clear();
      out(reportComparison(comparison));
      comparisons.push(comparison);
    }
    found.comparisons = comparisons;
  }
  const equal: Parity[] = [];
  if (options.only.includes('precision')) {
    const curves = await precision(contestants, judge, options);
    found.precision = curves;
    const target = all.find((d) => d.name === PRECISION_DECK)!.targets.cvode!;
    for (const limited of [true, false]) {
      const [ours, theirs] = (['tellegen', 'cvode'] as const).map((name) =>
        curves.find((c) => c.contestant === name && c.limited === limited),
      );
      const parity = ours && theirs && atEqualError(ours, theirs);
      if (!parity) continue;
      // The deck prescribes its largest step: with it the target is judged.
      const judged = limited ? { target, verdict: parity.ratio <= target ? 'met' : 'not met' } : {};
      equal.push({ deck: PRECISION_DECK, ...parity, ...judged });
    }
    found.equalError = equal;
  }
  if (comparisons.length > 0 || equal.length > 0) {
    out(reportTargets(comparisons, equal));
    out('');
  }
  if (options.only.includes('growth')) {
    const grown = await growth(options.quick, tell);
    clear();
    out(reportGrowth(grown));
    out('');
    writeFileSync(join('out', 'growth.svg'), drawGrowth(grown));
    found.growth = grown;
  }
  if (options.only.includes('gradients')) {
    const report = await gradients(options.quick, tell);
    clear();
    out(reportGradients(report));
    out('');
    found.gradients = report;
  }
  if (options.only.includes('mutants')) {
    const report = await runMutants(options.count, options.threads, tell);
    clear();
    out(reportMutants(options.count, report));
    found.mutants = { count: options.count, ...report };
    if (report.findings.length > 0) process.exitCode = 1;
  }
  return found;
}

/** Curves with free steps and with the deck's own largest step. */
async function precision(
  contestants: readonly Contestant[],
  judge: Contestant,
  options: BenchOptions,
): Promise<readonly Curve[]> {
  const deck = benchDecks().find((d) => d.name === PRECISION_DECK)!;
  const reference = await referenceOf(deck, judge);
  const rounds = options.quick ? 1 : 3;
  const curves: Curve[] = [];
  for (const name of ['tellegen', 'cvode', 'ngspice'] as const) {
    const contestant = contestants.find((c) => c.name === name)!;
    if (contestant.excuse(deck)) continue;
    if (name !== 'ngspice') curves.push(await curveOf(deck, contestant, false, rounds, reference, tell));
    curves.push(await curveOf(deck, contestant, true, rounds, reference, tell));
  }
  clear();
  out(reportCurves(curves));
  const svg = drawCurves(deck, curves);
  writeFileSync(join('out', 'work-precision.svg'), svg);
  if (!options.quick) writeFileSync(join('docs', 'work-precision.svg'), svg);
  out(`  drawn in ${options.quick ? 'out' : 'docs'}/work-precision.svg\n`);
  return curves;
}

/** Runs what was asked and writes what was found. */
async function measure(options: BenchOptions): Promise<void> {
  mkdirSync('out', { recursive: true });
  mkdirSync('docs', { recursive: true });
  const found = await bench(options);
  // Sections that were not asked for keep what an earlier run found.
  const path = join('out', 'bench.json');
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : {};
  writeFileSync(path, `${JSON.stringify({ ...before, ...found }, null, 1)}\n`);
  out('all numbers in out/bench.json');
}

try {
  const words = process.argv.slice(2);
  if (words.includes('--help') || words.includes('-h')) out(USAGE);
  else await measure(readBenchOptions(words));
} catch (error) {
  clear();
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
