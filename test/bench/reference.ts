// The reference of a deck: Tellegen at reltol 1e-10 (or the tightest it manages), with what it differs by at ten times
// that and, for a chain, from CVODE at 1e-12.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contestant, FOLDER, tellegenPhases, writeVariant } from './contestants.js';
import type { BenchDeck } from './decks.js';
import { distance, type Samples } from './waveform.js';

export interface Reference {
  readonly samples: Samples;
  readonly reltol: number;
  /** Distance from the run at ten times that reltol: what the reference itself may be wrong by, at most about. */
  readonly consistency: number;
  /** Distance from CVODE at 1e-12, where CVODE knows the circuit. */
  readonly cvode?: number;
}

interface Stored {
  readonly samples: readonly (readonly number[])[];
  readonly reltol: number;
  readonly consistency: number;
  readonly cvode?: number;
}

/** Computed once per deck and build, then read from the folder of the bench. */
export async function referenceOf(deck: BenchDeck, judge: Contestant): Promise<Reference> {
  const code = readFileSync(join(FOLDER, 'js', 'children', 'library.js'));
  const key = createHash('sha256').update(deck.text).update(code).digest('hex').slice(0, 16);
  const folder = join(FOLDER, 'references');
  const path = join(folder, `${deck.name}-${key}.json`);
  if (!existsSync(path)) {
    const computed = await compute(deck, judge);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, JSON.stringify({ ...computed, samples: computed.samples.map((s) => [...s]) }));
  }
  const stored = JSON.parse(readFileSync(path, 'utf8')) as Stored;
  return { ...stored, samples: stored.samples.map((s) => Float64Array.from(s)) };
}

/** Relative and absolute (V) tolerances, tightest first: currents between stiff and floating nodes set a floor. */
const TOLERANCES = [
  [1e-10, 1e-11],
  [1e-10, 1e-8],
  [1e-9, 1e-8],
  [1e-8, 1e-7],
  [1e-7, 1e-8],
  [1e-6, 1e-8],
] as const;

async function compute(deck: BenchDeck, judge: Contestant): Promise<Reference> {
  const at = async (reltol: number, absolute: number): Promise<Samples> => {
    const path = writeVariant(deck, { reltol, absolute, maxord: 5 }, 'reference');
    const { samples } = await tellegenPhases(deck, path);
    return samples.map((values) => Float64Array.from(values));
  };
  const [reltol, absolute, samples] = await tightest(at);
  const found = { samples, reltol, consistency: distance(await at(10 * reltol, 10 * absolute), samples) };
  if (judge.excuse(deck)) return found;
  const other = await judge.run(deck, { reltol: 1e-12, absolute: 1e-12, tmax: Infinity });
  return other.samples ? { ...found, cvode: distance(other.samples(samples), samples) } : found;
}

async function tightest(
  at: (reltol: number, absolute: number) => Promise<Samples>,
): Promise<readonly [number, number, Samples]> {
  const failures: string[] = [];
  for (const [reltol, absolute] of TOLERANCES) {
    try {
      return [reltol, absolute, await at(reltol, absolute)];
    } catch (error) {
      failures.push(`reltol ${reltol}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(failures.join('\n'));
}
