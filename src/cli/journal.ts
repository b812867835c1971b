// A journal of finished chips, one line of JSON each: what a stopped bench goes on from, to the same last bit.
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { serialize } from 'node:v8';
import { inputError } from './errors.js';
import { writeAll } from './terminal.js';

export interface Journal<T> {
  /** Answers that were there already, by task. */
  readonly known: ReadonlyMap<number, T>;
  add(task: number, answer: T): void;
  close(): void;
}

/** A fingerprint of everything that decides the answers. */
export const fingerprint = (...what: readonly unknown[]): string =>
  createHash('sha256').update(serialize(what)).digest('hex');

/**
 * Opens a journal, and makes it when there is none. A line that was cut off in the middle of writing is dropped.
 * @param key what it must have been written under
 * @throws InputError when it is of another bench, or no journal
 */
export function openJournal<T>(file: string, key: string): Journal<T> {
  const descriptor = open(file);
  const text = readFileSync(descriptor, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  const [head, ...lines] = text.slice(0, end).split('\n').slice(0, -1);
  const known = new Map<number, T>();
  const other = (why: string): Error => {
    closeSync(descriptor);
    return inputError(
      'journal',
      `cannot go on with ${file}: ${why}`,
      'give the name of a new file, or remove it',
    );
  };
  if (head !== undefined) {
    const said = parsed<{ bench?: string }>(head);
    if (said?.bench === undefined) throw other('it is no journal of tellegen bench');
    if (said.bench !== key)
      throw other('it is of another deck, other options, sweeps or rules, or another seed');
  }
  for (const [k, line] of lines.entries()) {
    const entry = parsed<[number, T]>(line);
    if (entry === undefined) throw other(`line ${k + 2} cannot be read`);
    known.set(...entry);
  }
  ftruncateSync(descriptor, Buffer.byteLength(text.slice(0, end)));
  if (head === undefined) writeAll(descriptor, `${JSON.stringify({ bench: key })}\n`);
  return {
    known,
    add: (task, answer) => writeAll(descriptor, `${JSON.stringify([task, answer], encode)}\n`),
    close: () => closeSync(descriptor),
  };
}

function open(file: string): number {
  try {
    return openSync(file, 'a+');
  } catch (error) {
    throw inputError(
      'file',
      `cannot open ${file}: ${(error as NodeJS.ErrnoException).code}`,
      'give a file that can be written',
    );
  }
}

function parsed<T>(line: string): T | undefined {
  try {
    return JSON.parse(line, decode) as T;
  } catch {
    return undefined;
  }
}

/** JSON knows no NaN, no infinities and no maps. */
const encode = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value)
    ? { $number: String(value) }
    : value instanceof Map
      ? { $map: [...value] }
      : value;

const decode = (_: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if ('$number' in value) return Number(value.$number);
  return '$map' in value ? new Map(value.$map as [unknown, unknown][]) : value;
};
