// Where the matrices of a circuit end in those of a pair of copies: rows r·n + i hold shares of f(p) and of G(p)ᵀs − β∇c(p).
import type { System } from '../../circuit/system.js';
import type { Pattern } from '../../math/pattern.js';
import type { OperatingCost } from '../cost.js';
import { type Pair, spread } from './pair.js';
import type { Scheme } from './scheme.js';
import { type Entries, entriesOf, type Structure, unite } from './structure.js';

/** matrix[target[k]] += factor·of[source[k]] of point p. */
export interface Stamp {
  readonly of: 'G' | 'C' | 'H';
  readonly point: number;
  readonly factor: number;
  readonly source: Int32Array;
  readonly target: Int32Array;
}

export interface Stamps {
  readonly structure: Structure;
  readonly stamps: readonly Stamp[];
  readonly coupling: System['delayCoupling'];
  /** What transposed lines put into G: their inputs' columns, one weight per entry. */
  readonly arrivals: { readonly slot: Int32Array; readonly weight: Float64Array };
}

interface Placed {
  readonly row: number;
  readonly col: number;
}
interface Coupled {
  readonly from: Placed;
  readonly to: Placed;
  readonly weight: number;
  readonly by: number;
}

/** @param injected G[i, d] of every delay d: [row i, value] */
export function createStamps(
  system: System,
  pair: Pair,
  cost: OperatingCost,
  scheme: Scheme,
  beta: number,
  injected: readonly (readonly (readonly [number, number])[])[],
): Stamps {
  const { n, delays } = system;
  const { points, currents, transposed, stress, charges } = scheme;
  const own = entriesOf(system);
  const plans: { of: Stamp['of']; point: number; factor: number; source: number[]; places: Placed[] }[] = [];

  /** Every entry k of the list with a row < n, at the places given by its row and column. */
  const plan = (
    of: Stamp['of'],
    point: number,
    factor: number,
    { rows, cols }: Entries,
    place: (i: number, j: number) => Placed | undefined,
  ): void => {
    if (factor === 0) return;
    const made: (typeof plans)[number] = { of, point, factor, source: [], places: [] };
    for (let k = 0; k < rows.length; k++) {
      const at = rows[k] < n ? place(rows[k], cols[k]) : undefined;
      if (at === undefined) continue;
      made.source.push(k);
      made.places.push(at);
    }
    plans.push(made);
  };
  const forward = (r: number, c: number) => (i: number, j: number) =>
    j < n ? { row: r * n + i, col: c * n + j } : undefined;
  const given = (r: number, p: number) => (i: number, j: number) =>
    j < n ? undefined : { row: r * n + i, col: pair.input(p, j) };
  const backward = (r: number, c: number) => (i: number, j: number) =>
    j < n ? { row: r * n + j, col: c * n + i } : undefined;

  currents.forEach((_, p) => {
    for (const r of [0, 1]) {
      plan('G', p, currents[p][r], own, given(r, p));
      for (const c of [0, 1]) {
        plan('G', p, currents[p][r] * points[p][c], own, forward(r, c));
        plan('G', p, transposed[p][r] * stress[c], own, backward(r, c));
        plan('H', p, -beta * transposed[p][r] * points[p][c], cost.entries, forward(r, c));
      }
    }
  });
  charges.forEach((p, c) => {
    plan('C', p, 1, own, forward(c, c));
    plan('C', p, 1, own, given(c, 0));
  });
  if (charges.length === 1) plan('C', charges[0], 1, own, backward(1, 1));

  const { arrivals, coupled } = throughLines();
  const lists = [
    ...plans.map(({ places }) => places),
    arrivals,
    coupled.map(({ from }) => from),
    coupled.map(({ to }) => to),
  ].map(entries);
  const structure = shared(system.pattern, 2 * n, pair.size, lists);
  const [at, from, to] = structure.slotsOf.slice(plans.length);
  return {
    structure,
    stamps: plans.map(({ of, point, factor, source }, k) => ({
      of,
      point,
      factor,
      source: Int32Array.from(source),
      target: structure.slotsOf[k],
    })),
    arrivals: { slot: at, weight: Float64Array.from(arrivals, ({ weight }) => weight) },
    coupling: {
      from,
      to,
      weight: Float64Array.from(coupled, ({ weight }) => weight),
      by: Float64Array.from(coupled, ({ by }) => by),
    },
  };

  /** Delayed signals, which act through inputs: those of every point, and of the transposed lines. */
  function throughLines() {
    const arrivals: (Placed & { weight: number })[] = [];
    const coupled: Coupled[] = [];
    const rows = [0, 1];
    delays.forEach(({ slot, signal, by }, d) => {
      const terms = [...signal.index].map((j, k) => [j, signal.weight[k]] as const);
      currents.forEach((share, p) => {
        for (const r of rows.filter((r) => share[r] !== 0)) {
          for (const [i] of injected[d]) {
            const from = { row: r * n + i, col: pair.input(p, slot) };
            for (const [j, w] of terms) {
              const to = j < n ? spread(n, points[p], j, w) : [[pair.input(p, j), w] as const];
              for (const [col, weight] of to) coupled.push({ from, to: { row: from.row, col }, weight, by });
            }
          }
        }
      });
      for (const r of rows) {
        const share = transposed.reduce((sum, t) => sum + t[r], 0);
        for (const [j, w] of share === 0 ? [] : terms) {
          if (j >= n) continue;
          const from = { row: r * n + j, col: pair.dualInput(d) };
          arrivals.push({ ...from, weight: share * w });
          for (const [i, g] of injected[d])
            for (const [col, weight] of spread(n, stress, i, g))
              coupled.push({ from, to: { row: from.row, col }, weight, by });
        }
      }
    });
    return { arrivals, coupled };
  }
}

const entries = (places: readonly Placed[]): Entries => ({
  rows: Int32Array.from(places, ({ row }) => row),
  cols: Int32Array.from(places, ({ col }) => col),
});

const structures = new WeakMap<Pattern, Map<string, Structure>>();

/** Bindings of one circuit share the structure of their pairs. */
function shared(pattern: Pattern, n: number, size: number, lists: readonly Entries[]): Structure {
  let known = structures.get(pattern);
  if (known === undefined) structures.set(pattern, (known = new Map()));
  const key = `${size}|${lists.map(({ rows, cols }) => `${rows.join()};${cols.join()}`).join('|')}`;
  let found = known.get(key);
  if (found === undefined) known.set(key, (found = unite(n, size, lists)));
  return found;
}
