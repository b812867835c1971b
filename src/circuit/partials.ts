// ∂f/∂p and ∂q/∂p column by column: by derived parameter in one loop over the instances concerned, and by the chain rule,
// whose factors are constants of the binding, with respect to what stands on the cards.
import type { Concerned, ConcernedDelay } from './sensitivity.js';
import type { SourceGradient } from './source-gradient.js';
import type { Partials } from './system.js';

/** Σ factor·value[at] goes to `to`: sums of products by column, those of column p from start[p] to start[p + 1]. */
interface Sums {
  readonly start: Int32Array;
  readonly to: Int32Array;
  readonly at: Int32Array;
  readonly factor: Float64Array;
}

interface Product {
  readonly column: number;
  readonly to: number;
  readonly at: number;
  readonly factor: number;
}

/** ∂derived/∂p of one instance: (column, factor) by position in `loops.derived`. */
type Chain = readonly (readonly (readonly [column: number, factor: number])[])[];

/**
 * @param count parameters
 * @param delays by number of the delay in the system
 */
export function makePartials(
  count: number,
  concerned: readonly Concerned[],
  sources: SourceGradient,
  delays: readonly (ConcernedDelay | undefined)[],
): Partials {
  const chains = new Map(concerned.map((of) => [of, chainsOf(of)]));
  const currents = entriesOf(count, concerned, chains, 'currents');
  const charges = entriesOf(count, concerned, chains, 'charges');
  const linear = sumsOf(count, linearCharges(concerned, chains));
  const signals = delays.map((delay) => sumsOf(count, delay ? signalProducts(delay, chains) : []));
  const chainsOfDelays = (which: 'by' | 'initial') =>
    delays.map((delay) => {
      const slopes = new Float64Array(count);
      for (const [column, factor] of delay ? delayChain(delay, which, chains) : []) slopes[column] += factor;
      return slopes;
    });
  const [lengths, initials] = [chainsOfDelays('by'), chainsOfDelays('initial')];
  return {
    moveTo(x, t) {
      currents.moveTo(x, t);
      charges.moveTo(x, t);
    },
    addCurrents: (p, factor, out) => add(currents.sums, currents.values, p, factor, out),
    addCharges: (p, factor, out) => add(charges.sums, charges.values, p, factor, out),
    addRates: (p, xdot, out) => add(linear, xdot, p, 1, out),
    addSources: (p, factor, t, out) => sources.addColumn(p, factor, t, out),
    addStimulus: (p, re, im) => sources.addStimulusColumn(p, re, im),
    delayed(p, k, x) {
      const { start, at, factor } = signals[k];
      let sum = 0;
      for (let e = start[p]; e < start[p + 1]; e++) sum += factor[e] * x[at[e]];
      return sum;
    },
    delayedInitial: (p, k) => initials[k][p],
    delay: (p, k) => lengths[k][p],
  };
}

function add(
  { start, to, at, factor }: Sums,
  values: Float64Array,
  p: number,
  by: number,
  out: Float64Array,
) {
  for (let e = start[p]; e < start[p + 1]; e++) out[to[e]] += by * factor[e] * values[at[e]];
}

/** The chains of the instances concerned of one group, by row. */
function chainsOf({ loops, numbers, sums, rows, seatAt, seatTo }: Concerned): readonly Chain[] {
  const width = loops.raw.length;
  const unit = new Float64Array(sums.length);
  const byRaw = new Float64Array(rows.length * width);
  const chains = Array.from(rows, () => loops.derived.map((): [number, number][] => []));
  loops.derived.forEach((_, d) => {
    for (let row = 0; row < rows.length; row++) unit[row * loops.derived.length + d] = 1;
    byRaw.fill(0);
    loops.chain(numbers, unit, byRaw, unit, unit, 0);
    unit.fill(0);
    for (let s = 0; s < seatAt.length; s++) {
      const factor = byRaw[seatAt[s]];
      if (factor !== 0) chains[Math.floor(seatAt[s] / width)][d].push([seatTo[s], factor]);
    }
  });
  return chains;
}

/** Entries of ∂f/∂derived or ∂q/∂derived where the last point put them, and what columns make of them. */
function entriesOf(
  count: number,
  concerned: readonly Concerned[],
  chains: ReadonlyMap<Concerned, readonly Chain[]>,
  which: 'currents' | 'charges',
): { readonly values: Float64Array; readonly sums: Sums; moveTo(x: Float64Array, t: number): void } {
  let total = 0;
  const parts = concerned.flatMap((of) => {
    const { rows, derived, loop } = of.loops.entries[which];
    if (rows.length === 0) return [];
    const first = total;
    total += of.rows.length * rows.length;
    return [{ of, rows, derived, loop, first }];
  });
  const values = new Float64Array(total);
  const products = parts.flatMap(({ of, rows, derived, first }) =>
    chains.get(of)!.flatMap((chain, row) =>
      rows.flatMap((local, j) =>
        chain[derived[j]].map(
          ([column, factor]): Product => ({
            column,
            to: slotOf(of, row, local),
            at: first + row * rows.length + j,
            factor,
          }),
        ),
      ),
    ),
  );
  const views = parts.map(({ of, rows, loop, first }) => ({
    numbers: of.numbers,
    loop,
    out: values.subarray(first, first + of.rows.length * rows.length),
  }));
  return {
    values,
    sums: sumsOf(count, products),
    moveTo(x, t) {
      values.fill(0);
      for (const { loop, numbers, out } of views) loop(numbers, out, out, x, x, t);
    },
  };
}

/** The linear charges, coefficient·x[column] in two rows: their coefficients are derived parameters. */
function linearCharges(
  concerned: readonly Concerned[],
  chains: ReadonlyMap<Concerned, readonly Chain[]>,
): Product[] {
  return concerned.flatMap((of) => {
    const terms = of.bound.group.template.linear.filter(
      ({ matrix, column }) => matrix === 'C' && column >= 0,
    );
    return chains.get(of)!.flatMap((chain, row) =>
      terms.flatMap(({ plus, minus, column: local, coefficient }) =>
        factorsOf(of, chain, coefficient).flatMap(([column, factor]) => {
          const at = slotOf(of, row, local);
          return [
            ...(plus < 0 ? [] : [{ column, to: slotOf(of, row, plus), at, factor }]),
            ...(minus < 0 ? [] : [{ column, to: slotOf(of, row, minus), at, factor: -factor }]),
          ];
        }),
      ),
    );
  });
}

/** The signal of a delay, Σ weight·x[local]: its weights are derived parameters. */
function signalProducts(
  { of, row, delay }: ConcernedDelay,
  chains: ReadonlyMap<Concerned, readonly Chain[]>,
): Product[] {
  return of.bound.group.template.delays[delay].signal.flatMap(({ local, weight }) =>
    factorsOf(of, chains.get(of)![row], weight).map(([column, factor]) => {
      return { column, to: 0, at: slotOf(of, row, local), factor };
    }),
  );
}

/** How long a delay is, or what it held before t = 0, by the wanted parameters. */
function delayChain(
  { of, row, delay }: ConcernedDelay,
  which: 'by' | 'initial',
  chains: ReadonlyMap<Concerned, readonly Chain[]>,
): Chain[number] {
  const derived = of.bound.group.template.delays[delay][which];
  return derived === undefined ? [] : factorsOf(of, chains.get(of)![row], derived);
}

const factorsOf = ({ loops }: Concerned, chain: Chain, derived: number): Chain[number] =>
  chain[loops.derived.indexOf(derived)] ?? [];

/** Where in x a local of an instance concerned is. */
export const slotOf = ({ numbers, rows, bound }: Concerned, row: number, local: number): number =>
  numbers.index[rows[row] * bound.group.template.locals.length + local];

function sumsOf(count: number, products: readonly Product[]): Sums {
  const sorted = [...products].sort((a, b) => a.column - b.column);
  const start = new Int32Array(count + 1);
  for (const { column } of sorted) start[column + 1]++;
  for (let p = 0; p < count; p++) start[p + 1] += start[p];
  return {
    start,
    to: Int32Array.from(sorted, ({ to }) => to),
    at: Int32Array.from(sorted, ({ at }) => at),
    factor: Float64Array.from(sorted, ({ factor }) => factor),
  };
}
