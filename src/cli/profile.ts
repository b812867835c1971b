// Where the time went and what was done with it, for people: --profile.
import { PHASES, type Profile } from '../study/profile.js';
import type { Simulation } from '../study/simulate.js';
import { align, withUnit } from './table.js';

const MEANING: Readonly<Record<(typeof PHASES)[number], string>> = {
  parse: 'text to circuit',
  compile: 'circuit to system',
  devices: 'evaluating currents, charges and their partials',
  factor: 'LU',
  solve: 'triangular solutions',
  control: 'prediction, error test, Newton, recording',
  output: 'signals, measures, writing',
};
const COUNTS = [
  ['accepted', 'steps'],
  ['rejected', 'rejected steps'],
  ['newton failures', 'failures of Newton'],
  ['iterations', 'Newton iterations'],
  ['evaluations', 'evaluations'],
  ['factorisations', 'factorisations'],
] as const;
export const ORDERS = 'steps by order';
const BAR = 24;

/** `'0 3 5'` and `'1 2'` → 1, 5, 5. */
export function stepsByOrder(texts: readonly (number | string | undefined)[]): readonly number[] {
  const orders: number[] = [];
  for (const text of texts) {
    if (text === undefined) continue;
    for (const [k, n] of String(text).split(' ').entries()) orders[k] = (orders[k] ?? 0) + Number(n);
  }
  return orders;
}

/** Times of each phase, added over threads, and counts, added over analyses and steps. */
export function profileTable(
  { spent, others }: Pick<Profile, 'spent' | 'others'>,
  { datasets }: Pick<Simulation, 'datasets'>,
): string {
  const total = PHASES.reduce((sum, phase) => sum + spent[phase], 0);
  const share = (part: number, whole: number): string =>
    `${((100 * part) / (whole || 1)).toFixed(1)} %`.padStart(7);
  const times = PHASES.map((phase) => [
    phase,
    withUnit(spent[phase] / 1e3, 's', 3),
    share(spent[phase], total),
    MEANING[phase],
  ]);
  const sum = (key: string): number =>
    datasets.reduce((s, { statistics }) => s + Number(statistics[key] ?? 0), 0);
  const counts = COUNTS.filter(([key]) => datasets.some(({ statistics }) => key in statistics)).map(
    ([key, name]) => [name, `${sum(key)}`],
  );
  const orders = stepsByOrder(datasets.map(({ statistics }) => statistics[ORDERS]));
  const steps = orders.reduce((s, n) => s + n, 0);
  const histogram = orders.map((n, k) => [
    `order ${k + 1}`,
    `${n}`,
    share(n, steps),
    '█'.repeat(Math.round((BAR * n) / (steps || 1))),
  ]);
  return [
    ...(steps > 0 ? [align(histogram)] : []),
    align(counts),
    align([
      ...times,
      ['total', withUnit(total / 1e3, 's', 3), '', others > 0 ? 'of all threads together' : ''],
    ]),
  ]
    .filter((text) => text !== '')
    .join('\n')
    .replace(/ +$/gm, '')
    .trimEnd();
}
