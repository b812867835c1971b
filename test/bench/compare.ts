// One deck, all contestants in turn, several rounds: costs, errors, and the median of the ratios within a round.
import type { Contestant, Run } from './contestants.js';
import type { BenchDeck, RivalName } from './decks.js';
import type { Reference } from './reference.js';
import { distance } from './waveform.js';

export interface Standing {
  readonly contestant: Contestant['name'];
  /** Why it was not run, or did not finish. */
  readonly failure?: string;
  readonly runs: number;
  /** Medians over the runs. */
  readonly cpu: number;
  readonly analysis: number;
  readonly peakBytes: number;
  readonly unknowns?: number;
  readonly points?: number;
  readonly newton?: number;
  readonly factorisations?: number;
  /** Largest error over signals and sample times, relative to each signal's range. */
  readonly error: number;
  /** Tellegen's CPU over this one's: median over the rounds in which both ran. */
  readonly ratio?: number;
  readonly target?: number;
  /** `met` needs the ratio and an error that is no larger. */
  readonly verdict?: 'met' | 'not met' | 'error larger';
}

export interface Comparison {
  readonly deck: string;
  readonly reference: Omit<Reference, 'samples'>;
  readonly standings: readonly Standing[];
}

/** A run that takes longer than this is not repeated. */
const LONG = 30;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Runs every contestant `rounds` times, each round beginning with another one. */
export async function compare(
  deck: BenchDeck,
  contestants: readonly Contestant[],
  rounds: number,
  reference: Reference,
  tell: (text: string) => void,
): Promise<Comparison> {
  const runs = new Map(contestants.map((c) => [c.name, [] as Run[]]));
  const errors = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < contestants.length; k++) {
      const contestant = contestants[(k + round) % contestants.length];
      const before = runs.get(contestant.name)!;
      if (contestant.excuse(deck) || before.some((run) => run.failure || run.wall > LONG)) continue;
      tell(`${deck.name}: ${contestant.name}, round ${round + 1} of ${rounds}`);
      const run = await contestant.run(deck);
      if (run.samples && !errors.has(contestant.name))
        errors.set(contestant.name, distance(run.samples(reference.samples), reference.samples));
      const { samples: _, ...costs } = run;
      before.push(costs);
    }
  }
  const ours = runs.get('tellegen') ?? [];
  const standings = contestants.map((contestant): Standing => {
    const list = runs.get(contestant.name)!;
    const of = (pick: (run: Run) => number | undefined) =>
      median(list.map(pick).filter((v): v is number => v !== undefined && !Number.isNaN(v)));
    const failure = contestant.excuse(deck) ?? list.find((run) => run.failure)?.failure;
    const error = errors.get(contestant.name) ?? Number.NaN;
    const { unknowns, points, newton, factorisations } = list[0] ?? {};
    const standing = {
      contestant: contestant.name,
      ...(failure ? { failure } : {}),
      runs: list.length,
      cpu: of((run) => run.cpu),
      analysis: of((run) => run.analysis),
      peakBytes: of((run) => run.peakBytes),
      ...(unknowns !== undefined ? { unknowns } : {}),
      ...(points !== undefined ? { points } : {}),
      ...(newton !== undefined ? { newton } : {}),
      ...(factorisations !== undefined ? { factorisations } : {}),
      error,
    };
    if (contestant.name === 'tellegen' || failure || ours.length === 0 || ours.some((run) => run.failure))
      return standing;
    const ratios = list.map((run, k) => ours[Math.min(k, ours.length - 1)].cpu / run.cpu);
    const ratio = median(ratios);
    const target = deck.targets[contestant.name as RivalName];
    // CVODE is judged at equal error (see precision).
    if (target === undefined || contestant.name === 'cvode') return { ...standing, ratio };
    const honest = (errors.get('tellegen') ?? Number.NaN) <= error;
    const verdict = ratio > target ? 'not met' : honest ? 'met' : 'error larger';
    return { ...standing, ratio, target, verdict };
  });
  const { samples: _, ...judged } = reference;
  return { deck: deck.name, reference: judged, standings };
}
