// The reference of a deck: Tellegen at reltol 1e-10, with what it differs by at 1e-9 and, for a chain, from CVODE at 1e-12.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contestant, FOLDER, tellegenPhases, writeVariant } from './contestants.js';
import type { BenchDeck } from './decks.js';
import { distance, type Samples } from './waveform.js';

export interface Reference {
  readonly samples: Samples;
  /** Distance between reltol 1e-9 and 1e-10: what the reference itself may be wrong by, at most about. */
  readonly consistency: number;
  /** Distance from CVODE at 1e-12, where CVODE knows the circuit. */
  readonly cvode?: number;
}

interface Stored {
  readonly samples: readonly (readonly number[])[];
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

async function compute(deck: BenchDeck, judge: Contestant): Promise<Reference> {
  const at = async (reltol: number): Promise<Samples> => {
    const tight = { reltol, absolute: reltol / 10, abstol: 1e-6 * reltol };
    const { samples } = await tellegenPhases(deck, writeVariant(deck, tight, 'reference'));
    return samples.map((values) => Float64Array.from(values));
  };
  const samples = await at(1e-10);
  const consistency = distance(await at(1e-9), samples);
  if (judge.excuse(deck)) return { samples, consistency };
  const other = await judge.run(deck, { reltol: 1e-12, absolute: 1e-12, tmax: Infinity });
  return other.samples
    ? { samples, consistency, cvode: distance(other.samples(samples), samples) }
    : { samples, consistency };
}
