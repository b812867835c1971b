// Which rules are exact on this circuit, said from the symmetry of G under a diagonal S, and who breaks it.
import type { AnalysisOptions } from '../analysis/options.js';
import type { System } from '../circuit/system.js';
import { createRandom } from '../math/random.js';
import { createLinearisation, type Workspace } from '../solve/workspace.js';
import { reduce, sparse } from './reduce.js';
import { linearise } from './settle.js';
import { asymmetry, type Symmetrizer, symmetrizer } from './symmetrizer.js';

/** Kinds of S in Gᵀ = S G S⁻¹: 1, ±1, any other diagonal, none. */
export type Symmetry = 'reciprocal' | 'skew' | 'layer-weighted' | 'incompatible';

/** Two unknowns of which one acts on the other as no S allows, and the devices that touch both. */
export interface Breaking {
  readonly unknowns: readonly [string, string];
  readonly devices: readonly string[];
}

/** Which symmetry Gᵀ = S G S⁻¹ a circuit has where it rests, and what stands in its way. */
export interface Verdict {
  /** reciprocal: S = 1; skew: S = ±1; layer-weighted: another S; incompatible: there is none. */
  readonly symmetry: Symmetry;
  /** Diagonal of S, length n. */
  readonly weights: Float64Array;
  /** ‖Gᵀ − G‖/‖G‖ and ‖Gᵀ − S G S⁻¹‖/‖G‖. */
  readonly plainAsymmetry: number;
  readonly asymmetry: number;
  /** The same S holds at other states too, not only at this operating point. */
  readonly everywhere: boolean;
  /** Cᵀ = S C S⁻¹: what the symmetry says of rest it says of motion. */
  readonly charges: boolean;
  /** Where the circuit is not symmetric: no entry when reciprocal. */
  readonly breaking: readonly Breaking[];
}

const SEED = 1847;
const DISPLACEMENTS = 2;
const EQUAL = 1e-9;
const MOST_NAMED = 8;

/**
 * The verdict on a circuit at x, an operating point. Numbers decide: G there, at displaced states, and C.
 *
 * @param reads unknowns that the cost depends on
 */
export function verdict(
  system: System,
  options: Pick<AnalysisOptions, 'gmin'>,
  workspace: Workspace,
  x: Float64Array,
  reads?: (unknown: number) => boolean,
): Verdict {
  const lin = createLinearisation(system, workspace);
  linearise(system, options, x, lin);
  const found = symmetrizer(system, lin.G, reads);
  const { weights } = found;
  const plain = found.asymmetry(weights.map(() => 1));
  const symmetry = symmetryOf(found);
  const charges = asymmetry(sparse(system, lin.C), weights) <= EQUAL;
  const breaking = symmetry === 'reciprocal' ? [] : broken(system, lin.G, symmetry, reads);
  return {
    symmetry,
    weights,
    plainAsymmetry: plain,
    asymmetry: found.asymmetry(weights),
    everywhere: displaced(system, x).every((other) => {
      linearise(system, options, other, lin);
      return symmetrizer(system, lin.G, reads).asymmetry(weights) <= EQUAL;
    }),
    charges,
    breaking,
  };
}

/** What the weights of a symmetrizer amount to. */
export function symmetryOf({ weights, offences }: Symmetrizer): Symmetry {
  if (offences.length > 0) return 'incompatible';
  if (weights.every((s) => s === 1)) return 'reciprocal';
  return weights.every((s) => Math.abs(s) === 1) ? 'skew' : 'layer-weighted';
}

/**
 * `reciprocal`, `skew (Σ = ±1)`, `layer-weighted (S = 1, 1/16, …)`, each `, at this operating point` where it holds only
 * there; `not EP-compatible: e1 between i(e1) and v(in)`.
 */
export function describeVerdict({ symmetry, weights, breaking, everywhere }: Verdict): string {
  const here = everywhere ? '' : ', at this operating point';
  switch (symmetry) {
    case 'reciprocal':
      return `reciprocal${here}`;
    case 'skew':
      return `skew (Σ = ±1)${here}`;
    case 'layer-weighted': {
      const levels = [...new Set([...weights].map((s) => s.toPrecision(4)))].map(Number);
      levels.sort((a, b) => Math.abs(b) - Math.abs(a));
      return `layer-weighted (S = ${levels.slice(0, 6).join(', ')}${levels.length > 6 ? ', …' : ''})${here}`;
    }
    case 'incompatible':
      return `not EP-compatible: ${breaking.map(describeBreaking).join('; ')}`;
  }
}

function describeBreaking({ unknowns, devices }: Breaking): string {
  const who = devices.length > 0 ? devices.join(', ') : 'devices in series';
  return `${who} between ${unknowns[0]} and ${unknowns[1]}`;
}

/** Pairs where one side acts more strongly than the other; where all are equal in size, those of opposite sign. */
function broken(
  system: System,
  G: Float64Array,
  symmetry: Symmetry,
  reads: (unknown: number) => boolean = () => false,
): Breaking[] {
  const { rows } = reduce(system, G, reads);
  const unequal: [number, number][] = [];
  const opposite: [number, number][] = [];
  rows.forEach((row, i) => {
    for (const [j, forth] of row) {
      const back = rows[j].get(i) ?? 0;
      if (j === i || (j < i && back !== 0)) continue;
      const size = Math.abs(forth) + Math.abs(back);
      if (Math.abs(Math.abs(forth) - Math.abs(back)) > EQUAL * size) unequal.push([i, j]);
      else if (Math.abs(forth - back) > EQUAL * size) opposite.push([i, j]);
    }
  });
  const pairs = symmetry === 'skew' || unequal.length === 0 ? opposite : unequal;
  return pairs.slice(0, MOST_NAMED).map(([i, j]) => {
    const others = new Set(system.devicesAt(j));
    return {
      unknowns: [system.unknowns[i].name, system.unknowns[j].name],
      devices: system.devicesAt(i).filter((name) => others.has(name)),
    };
  });
}

function displaced(system: System, x: Float64Array): Float64Array[] {
  const random = createRandom(SEED);
  let largest = 0;
  for (let i = 0; i < system.n; i++) if (system.isNode[i]) largest = Math.max(largest, Math.abs(x[i]));
  return Array.from({ length: DISPLACEMENTS }, () => {
    const other = x.slice();
    for (let i = 0; i < system.n; i++) {
      const scale = system.isNode[i] ? Math.max(Math.abs(x[i]), 0.1 * largest, 1e-3) : Math.abs(x[i]) || 1e-3;
      other[i] += 0.1 * scale * random.normal();
    }
    return other;
  });
}
