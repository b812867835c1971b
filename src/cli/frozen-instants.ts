// What a gradient leaves out where switches flip at instants that follow from the state, beside delays or laws that jump
// in time.
import type { Diagnostic } from '../errors.js';
import type { EpochReport } from '../learn/training/training.js';

/** What is not differentiated, and what to do about it. */
export const frozenNote = (
  switches: readonly string[],
): { readonly message: string; readonly hint: string } => ({
  message: `the instants at which ${switches.join(', ')} flip${switches.length === 1 ? 's' : ''}`,
  hint: 'they are where the circuit has no line and no law that jumps in time; or compare with runs at moved parameters',
});

/** Switches whose instants some epoch left where they were. */
export const frozenIn = (history: readonly EpochReport[]): readonly string[] => [
  ...new Set(history.flatMap(({ frozenInstants = [] }) => frozenInstants)),
];

/** Warns of each switch once, in the first epoch that leaves its instants where they were. */
export function createFrozenWatch(): (epoch: EpochReport) => readonly Diagnostic[] {
  const known = new Set<string>();
  return (epoch) => {
    const news = frozenIn([epoch]).filter((element) => !known.has(element));
    if (news.length === 0) return [];
    for (const element of news) known.add(element);
    const { message, hint } = frozenNote(news);
    return [
      { severity: 'warning', code: 'frozen-instants', message: `not differentiated: ${message}`, hint },
    ];
  };
}
