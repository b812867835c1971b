// Work against precision: CPU time of the analysis and measured error while reltol goes from 1e-2 to 1e-8.
import type { Contestant, Run, Variation } from './contestants.js';
import type { BenchDeck } from './decks.js';
import { logLog } from './loglog.js';
import type { Reference } from './reference.js';
import { distance } from './waveform.js';

export interface Effort {
  readonly reltol: number;
  readonly tmax: number;
  readonly points: number;
  /** CPU seconds of the analysis: the least of the runs, for noise only adds. */
  readonly analysis: number;
  readonly error: number;
}

export interface Curve {
  readonly contestant: Contestant['name'];
  /** The deck's own largest step was kept. */
  readonly limited: boolean;
  readonly efforts: readonly Effort[];
}

const RELTOLS = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];

/** What each contestant is asked: its tolerances; ngspice, whose steps follow tmax rather than reltol, both. */
function variationsOf(name: Contestant['name'], deck: BenchDeck, limited: boolean): readonly Variation[] {
  const tmax = limited ? deck.tmax : Number.POSITIVE_INFINITY;
  if (name === 'ngspice')
    return [
      [1e-2, 5],
      [1e-3, 1],
      [1e-4, 0.3],
      [1e-5, 0.1],
    ].map(([reltol, share]) => ({ reltol, absolute: reltol / 1e3, tmax: share * deck.tmax }));
  // CVODE's errors are larger than its tolerance: it is asked for more, to be compared at equal error.
  const asked = name === 'cvode' ? [...RELTOLS.slice(1), 1e-9, 1e-10, 1e-11] : RELTOLS;
  return asked.map((reltol) => ({ reltol, absolute: name === 'cvode' ? reltol : reltol / 1e3, tmax }));
}

/** One contestant's curve, each point the best of `rounds` runs (of one, where they take long: ngspice). */
export async function curveOf(
  deck: BenchDeck,
  contestant: Contestant,
  limited: boolean,
  rounds: number,
  reference: Reference,
  tell: (text: string) => void,
): Promise<Curve> {
  const efforts: Effort[] = [];
  const times = contestant.name === 'ngspice' ? 1 : rounds;
  for (const variation of variationsOf(contestant.name, deck, limited)) {
    tell(`${deck.name}: ${contestant.name} at reltol ${variation.reltol}`);
    const runs: Run[] = [];
    for (let round = 0; round < times; round++) runs.push(await contestant.run(deck, variation));
    const [first] = runs;
    if (!first.samples || runs.some((run) => run.failure)) continue;
    efforts.push({
      reltol: variation.reltol!,
      tmax: variation.tmax!,
      points: first.points!,
      analysis: Math.min(...runs.map((run) => run.analysis!)),
      error: distance(first.samples(reference.samples), reference.samples),
    });
  }
  return { contestant: contestant.name, limited, efforts };
}

/**
 * CPU seconds that a curve needs for an error, between its points by straight lines in logarithms; of the part of the
 * curve on which no cheaper point is as good. NaN outside the errors it reached, but for errors larger than any: then
 * its cheapest point.
 */
export function workFor(curve: Curve, error: number): number {
  const sorted = frontier(curve);
  if (sorted.length === 0) return Number.NaN;
  if (error >= sorted[0].error) return sorted[0].analysis;
  for (let k = 1; k < sorted.length; k++) {
    const [a, b] = [sorted[k - 1], sorted[k]];
    if (error < b.error) continue;
    const share = Math.log(error / a.error) / Math.log(b.error / a.error);
    return a.analysis * (b.analysis / a.analysis) ** share;
  }
  return Number.NaN;
}

/** The part of a curve on which no cheaper point is as good, from large errors to small. */
const frontier = ({ efforts }: Curve): readonly Effort[] =>
  efforts
    .filter((a) => !efforts.some((b) => b !== a && b.error <= a.error && b.analysis <= a.analysis))
    .sort((a, b) => b.error - a.error);

/** One contestant's CPU over another's where both err by the same. */
export interface EqualError {
  /** The deck's largest step was kept by both, or by neither. */
  readonly limited: boolean;
  /** Errors that both reach. */
  readonly from: number;
  readonly to: number;
  /** Geometric mean of the ratio over these errors, and its extremes. */
  readonly ratio: number;
  readonly least: number;
  readonly most: number;
}

/** Errors at which two curves are compared, evenly in logarithms. */
const PLACES = 65;

/** Two curves over the errors that both reach; undefined where there are none. */
export function atEqualError(ours: Curve, theirs: Curve): EqualError | undefined {
  const errors = [ours, theirs].map(({ efforts }) => efforts.map((e) => e.error));
  const from = Math.max(...errors.map((list) => Math.min(...list)));
  const to = Math.min(...errors.map((list) => Math.max(...list)));
  if (!(from < to)) return undefined;
  const logs = Array.from({ length: PLACES }, (_, k) => {
    const share = k / (PLACES - 1);
    const error = k === 0 ? from : k === PLACES - 1 ? to : from ** (1 - share) * to ** share;
    return Math.log(workFor(ours, error) / workFor(theirs, error));
  });
  const mean = logs.reduce((sum, log) => sum + log, 0) / PLACES;
  const [ratio, least, most] = [mean, Math.min(...logs), Math.max(...logs)].map(Math.exp);
  return { limited: ours.limited, from, to, ratio, least, most };
}

const NAMES: Readonly<Record<string, string>> = {
  tellegen: 'Tellegen',
  ngspice: 'ngspice',
  cvode: 'CVODE + KLU (C)',
};

export const drawCurves = (deck: BenchDeck, curves: readonly Curve[]): string =>
  logLog({
    title: `${deck.name}: CPU time against error`,
    x: 'largest error over the signal’s range',
    y: 'CPU seconds of the analysis',
    series: curves.map((curve) => ({
      name: `${NAMES[curve.contestant]}${curve.limited && curve.contestant !== 'ngspice' ? `, steps ≤ ${deck.tmax}` : ''}`,
      points: curve.efforts.map((e) => [e.error, e.analysis]),
      dashed: curve.limited && curve.contestant !== 'ngspice',
    })),
  });
