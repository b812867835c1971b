// Parameters whose gradient is exactly 0 because of how the circuit is made: they act only in time and every cost is at
// rest, or only at rest and every cost is over time, or nothing connects them with what the costs read.
import { partsOf } from '../circuit/functional.js';
import type { Reach, System } from '../circuit/system.js';
import type { Diagnostic, Span } from '../errors.js';
import type { Problem } from '../learn/problem.js';

type Reason = 'in-time' | 'at-rest' | 'small-signal' | 'unconnected';

/** A parameter without a gradient, and what could be trained in its place. */
interface Lost {
  readonly name: string;
  readonly instead: readonly string[];
}

/** Warnings, one a card and a reason. */
export function unseen(problem: Problem): readonly Diagnostic[] {
  const { system, costs, sensitivity } = problem.sample(problem.values, 0);
  const atRest = costs.every(({ at }) => at === 'op');
  const inTime = costs.every(({ at }) => at === 'times' || at === 'interval');
  const answers = costs.some(({ at }) => at === 'ac');
  const read = costs.map((term) => (term.at === 'ac' ? term.response.reads : term.functional.reads));
  if (!read.every((slots) => slots !== undefined)) return [];
  const sees = sight(system, new Set(read.flatMap((slots) => [...slots])));
  const spoken = new Set(
    costs
      .flatMap((term) => (term.at === 'ac' ? (term.response.functionals ?? []) : [term.functional]))
      .flatMap((functional) => partsOf(functional).map(({ element }) => element)),
  );
  const reasonOf = ({ element, rows, inputs, rest, motion, instead }: Reach): Reason | undefined => {
    if (!rest && !motion) return answers ? undefined : 'small-signal';
    if (atRest && !rest) return 'in-time';
    if (inTime && instead !== undefined && !motion) return 'at-rest';
    return spoken.has(element) || rows.some(sees) || inputs.some(sees) ? undefined : 'unconnected';
  };
  const found = new Map<Span | undefined, Map<Reason, Lost[]>>();
  sensitivity.reach().forEach((reach, k) => {
    const reason = reasonOf(reach);
    if (reason === undefined) return;
    const { name, span } = problem.parameters[k];
    const ofCard = found.get(span) ?? new Map<Reason, Lost[]>();
    found.set(span, ofCard.set(reason, [...(ofCard.get(reason) ?? []), lost(name, reach)]));
  });
  return [...found].flatMap(([span, reasons]) =>
    [...reasons].map(
      ([reason, parameters]): Diagnostic => ({
        severity: 'warning',
        code: 'no-gradient',
        ...said(reason, parameters),
        ...(span ? { span } : {}),
      }),
    ),
  );
}

/** `x1.v1.dc` in whose place `x1.v1.va` could be trained. */
const lost = (name: string, { instead = [] }: Reach): Lost => ({
  name,
  instead: instead.map((level) => name.replace(/[^.]*$/, level)),
});

const MOST_NAMED = 8;
const MOST_SHOWN = 2;

function said(reason: Reason, parameters: readonly Lost[]): { message: string; hint: string } {
  const all = parameters.map(({ name }) => name);
  const more = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : '';
  const names = `${all.slice(0, MOST_NAMED).join(', ')}${more}`;
  const zero = `the gradient by ${names} is exactly 0`;
  switch (reason) {
    case 'in-time':
      return {
        message: `${zero}: at an operating point nothing moves, and every cost is at one`,
        hint: 'write .cost tran, with a .tran, or .cost ac, or leave it out of .train',
      };
    case 'at-rest':
      return {
        message: `${zero}: its waveform stands in its place over time, and every cost is over time`,
        hint: `train ${parameters[0].instead.slice(0, MOST_SHOWN).join(' or ')}, write .cost op, or leave it out of .train`,
      };
    case 'small-signal':
      return {
        message: `${zero}: an AC run alone would feel it`,
        hint: 'write .cost ac, or leave it out of .train',
      };
    case 'unconnected':
      return {
        message: `${zero}: nothing connects it with what the costs read`,
        hint: 'let a .cost speak of that part of the circuit, or leave it out of .train',
      };
  }
}

/**
 * Which entries of x can be felt in entries that are read: all that hang together with them through unknowns, and what is
 * given from outside in the rows of these. Known nodes pass nothing on.
 */
function sight(system: System, read: ReadonlySet<number>): (slot: number) => boolean {
  const { n, size, pattern, borderRow, borderCol, delays } = system;
  const seen = new Uint8Array(size);
  const waiting: number[] = [];
  const see = (slot: number): void => {
    if (seen[slot]) return;
    seen[slot] = 1;
    if (slot < n) waiting.push(slot);
  };
  const neighbours = Array.from({ length: n }, (): number[] => []);
  for (let j = 0; j < n; j++) {
    for (let k = pattern.colPtr[j]; k < pattern.colPtr[j + 1]; k++) {
      neighbours[j].push(pattern.rowIdx[k]);
      neighbours[pattern.rowIdx[k]].push(j);
    }
  }
  for (let k = 0; k < borderRow.length; k++)
    if (borderRow[k] < n && borderCol[k] >= n) neighbours[borderRow[k]].push(borderCol[k]);
  const delayed = new Map(delays.map(({ slot, signal }) => [slot, signal.index]));
  for (const slot of read) {
    see(slot);
    delayed.get(slot)?.forEach(see);
  }
  for (let slot = waiting.pop(); slot !== undefined; slot = waiting.pop()) {
    for (const next of neighbours[slot]) {
      see(next);
      delayed.get(next)?.forEach(see);
    }
  }
  return (slot) => seen[slot] === 1;
}
