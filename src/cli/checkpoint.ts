// The state of a training in a file: written beside it and moved into its place, so that it is whole at any moment, even
// when the process is killed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EpochReport, TrainingState } from '../learn/training/training.js';
import { inputError } from './errors.js';

export interface Checkpoint {
  readonly state: TrainingState;
  /** Every epoch so far. */
  readonly history: readonly EpochReport[];
}

interface Stored extends Checkpoint {
  readonly tellegen: 'training';
  /** Of everything that the next epoch depends on besides the state. */
  readonly task: string;
}

/** A name for a task: the deck and the settings under which it is trained. */
export const taskOf = (deck: string, settings: object): string =>
  createHash('sha256')
    .update(JSON.stringify([deck, settings]))
    .digest('hex');

export function saveCheckpoint(file: string, task: string, { state, history }: Checkpoint): void {
  const stored: Stored = { tellegen: 'training', task, state, history };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, `${JSON.stringify(stored)}\n`);
  renameSync(`${file}.part`, file);
}

/** @throws InputError when there is none, or it belongs to another deck or other settings. */
export function loadCheckpoint(file: string, task: string): Checkpoint {
  const stored = parse(file);
  if (stored.tellegen !== 'training')
    throw inputError('bad-checkpoint', `${file} is no checkpoint of a training`, 'begin without --resume');
  if (stored.task !== task) {
    const hint = 'repeat the options it was begun with (all but --epochs), or begin anew without --resume';
    throw inputError('bad-checkpoint', `${file} belongs to another deck or other options`, hint);
  }
  return stored;
}

function parse(file: string): Stored {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    const told = existsSync(file) ? `cannot read the checkpoint ${file}` : `there is no checkpoint ${file}`;
    throw inputError('file', told, 'nothing has been kept to go on from: begin without --resume');
  }
  try {
    const stored = JSON.parse(text) as Stored | null;
    if (stored !== null && typeof stored === 'object') return stored;
  } catch {
    // Not JSON: told below.
  }
  throw inputError('bad-checkpoint', `${file} is no checkpoint of a training`, 'begin without --resume');
}
