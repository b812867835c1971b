// Systems made of systems: their matrices are the slopes of their currents, and every solver runs on them.
import { describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS } from '../../src/analysis/options.js';
import type { Functional, System } from '../../src/circuit/system.js';
import { augment } from '../../src/learn/compose/augment.js';
import { clamp } from '../../src/learn/compose/clamp.js';
import { nudge } from '../../src/learn/compose/nudge.js';
import { reverse } from '../../src/learn/compose/reverse.js';
import { operatingCost } from '../../src/learn/cost.js';
import type { Problem } from '../../src/learn/problem.js';
import { relax } from '../../src/learn/relax.js';
import { linearise, settleByNewton } from '../../src/learn/settle.js';
import { createLinearisation, createWorkspace } from '../../src/solve/workspace.js';
import { amplifierChain, everyDevice } from './circuits.js';
import { systemOf } from './decks.js';
import { positionOf, problemOf } from './problems.js';

const sampleOf = (problem: Problem) => problem.sample(problem.values, 0);
const rest = (system: System) => settleByNewton(system, DEFAULT_OPTIONS, createWorkspace());

/** c = u²·w over two unknowns that no device joins. */
const productOf = (system: System, u: number, w: number): Functional => ({
  name: 'u²w',
  value: (x) => x[u] ** 2 * x[w],
  addGradient: (x, _t, factor, gradient) => {
    gradient[u] += factor * 2 * x[u] * x[w];
    gradient[w] += factor * x[u] ** 2;
    return x[u] ** 2 * x[w];
  },
  slope: () => 0,
  hessianRow: Int32Array.of(u, u, w, system.size - 1),
  hessianCol: Int32Array.of(u, w, u, 0),
  hessian: (x, _t, values) => values.set([2 * x[w], 2 * x[u], 2 * x[u], 0]),
});

/** G and C as dense rows < n over all columns. */
function dense(system: System, values: Float64Array): number[][] {
  const { n, size, pattern, borderRow, borderCol } = system;
  const matrix = Array.from({ length: n }, () => new Array<number>(size).fill(0));
  for (let j = 0; j < n; j++) {
    for (let k = pattern.colPtr[j]; k < pattern.colPtr[j + 1]; k++) matrix[pattern.rowIdx[k]][j] += values[k];
  }
  for (let k = 0; k < borderRow.length; k++) {
    if (borderRow[k] < n) matrix[borderRow[k]][borderCol[k]] += values[pattern.nnz + k];
  }
  return matrix;
}

const currents = (system: System, x: Float64Array): Float64Array => {
  const f = new Float64Array(system.size);
  system.evaluate(x, 0, f, new Float64Array(system.charges));
  return f.subarray(0, system.n);
};

function matrices(system: System, x: Float64Array): { G: number[][]; C: number[][] } {
  const G = new Float64Array(system.slots);
  const C = new Float64Array(system.slots);
  system.evaluate(x, 0, new Float64Array(system.size), new Float64Array(system.charges), G, C);
  return { G: dense(system, G), C: dense(system, C) };
}

function expectSlopes(system: System, x: Float64Array): void {
  const { G } = matrices(system, x);
  for (let j = 0; j < system.size - 1; j++) {
    const h = 1e-6;
    const moved = (d: number) =>
      currents(
        system,
        Float64Array.from(x, (v, k) => (k === j ? v + d : v)),
      );
    const [up, down] = [moved(h), moved(-h)];
    for (let i = 0; i < system.n; i++) {
      const scale = 1e-3 + Math.abs(G[i][j]);
      expect(Math.abs((up[i] - down[i]) / (2 * h) - G[i][j]), `∂f${i}/∂x${j}`).toBeLessThan(1e-6 * scale);
    }
  }
}

describe.each(Object.entries(everyDevice))('a system of %s', (_, deck) => {
  const system = systemOf(deck);
  const { x } = rest(system);
  const [first, last] = [0, system.n - 1];
  const cost = operatingCost([{ at: 'op', functional: productOf(system, first, last), weight: 0.7 }], 'test');
  const nudged = nudge(system, cost, { beta: 0.3, weights: new Float64Array(system.n).fill(2) });

  it('nudged has β S⁻¹∇c more current and β S⁻¹∇²c more slope, also between nodes that no device joins', () => {
    expect(nudged.pattern.nnz).toBe(system.pattern.nnz + 2);
    const share = (0.3 * 0.7) / 2;
    const extra = currents(nudged, x).map((f, i) => f - currents(system, x)[i]);
    expect(extra[first]).toBeCloseTo(share * 2 * x[first] * x[last], 14);
    expect(extra[last]).toBeCloseTo(share * x[first] ** 2, 14);
    expectSlopes(nudged, x);
    const [a, b] = [matrices(system, x), matrices(nudged, x)];
    expect(b.C).toEqual(a.C);
    a.G[first][first] += share * 2 * x[last];
    a.G[first][last] += share * 2 * x[first];
    a.G[last][first] += share * 2 * x[first];
    for (let i = 0; i < system.n; i++) {
      for (let j = 0; j < system.size; j++) expect(b.G[i][j]).toBeCloseTo(a.G[i][j], 12);
    }
  });

  it('shares one pattern between all bindings, and its own where nothing is new', () => {
    const again = nudge(system, cost, { beta: -0.1 });
    expect(again.pattern).toBe(nudged.pattern);
    const inside = operatingCost(
      [{ at: 'op', functional: productOf(system, first, first), weight: 1 }],
      'test',
    );
    expect(nudge(system, inside, { beta: 1 }).pattern).toBe(system.pattern);
  });

  it('keeps the coupling of delays at rest, the diagonal and the dustbin', () => {
    const G = new Float64Array(nudged.slots);
    const C = new Float64Array(nudged.slots);
    nudged.evaluate(x, 0, new Float64Array(nudged.size), new Float64Array(nudged.charges), G, C);
    nudged.dcCoupling(G);
    const own = createLinearisation(system, createWorkspace());
    linearise(system, DEFAULT_OPTIONS, x, own);
    const [mine, theirs] = [dense(nudged, G), dense(system, own.G)];
    for (let i = 1; i < system.n - 1; i++)
      expect(mine[i].slice(0, system.n)).toEqual(theirs[i].slice(0, system.n));
    nudged.diagonal.forEach((slot, i) => {
      expect(nudged.pattern.rowIdx[slot]).toBe(i);
      expect(slot).toBeGreaterThanOrEqual(nudged.pattern.colPtr[i]);
      expect(slot).toBeLessThan(nudged.pattern.colPtr[i + 1]);
    });
  });

  it('is nudged twice as once by the sum', () => {
    const twice = nudge(nudge(system, cost, { beta: 0.1 }), cost, { beta: 0.2 });
    const once = nudge(system, cost, { beta: 0.3 });
    const [a, b] = [currents(twice, x), currents(once, x)];
    for (let i = 0; i < system.n; i++) expect(a[i]).toBeCloseTo(b[i], 13);
  });
});

describe('reversing the antisymmetric part', () => {
  it('leaves the point of rest where it is and transposes the matrix there', () => {
    const system = systemOf(amplifierChain(2, 4, 0));
    const { x } = rest(system);
    const lin = createLinearisation(system, createWorkspace());
    linearise(system, DEFAULT_OPTIONS, x, lin);
    const reversed = reverse(system, x, lin.G);
    expect(currents(reversed, x)).toEqual(currents(system, x));
    const [forth, back] = [matrices(system, x).G, matrices(reversed, x).G];
    for (let i = 0; i < system.n; i++)
      for (let j = 0; j < system.n; j++) expect(back[i][j]).toBeCloseTo(forth[j][i], 14);
  });
});

describe('clamping', () => {
  const deck = 'v1 a 0 1\nr1 a b 1k\nr2 b c 1k\nd1 c 0 dm\nc1 b 0 1n\nc2 c 0 1n\n.model dm d is=1e-9 cjo=1p';

  it('holds a node where it is told, and the rest follows', () => {
    const system = systemOf(deck);
    const b = positionOf(system, 'v(b)');
    const { x } = rest(clamp(system, [b], [0.7]));
    const driven = systemOf(deck.replace('r1 a b 1k', 'r1 a b 1k\nvb b 0 0.7'));
    expect(x[b]).toBe(0.7);
    expect(x[positionOf(system, 'v(c)')]).toBeCloseTo(rest(driven).x[positionOf(driven, 'v(c)')], 13);
  });

  it('holds it in time too, though capacitors hang on it', () => {
    const system = systemOf(deck);
    const b = positionOf(system, 'v(b)');
    const held = clamp(system, [b], [0.7]);
    const { x } = relax(held, undefined, DEFAULT_OPTIONS, createWorkspace());
    const there = rest(held).x;
    for (let i = 0; i < system.n; i++) expect(x[i]).toBeCloseTo(there[i], 8);
  });
});

describe('a nudged circuit', () => {
  it('relaxes in time to where Newton finds it at rest', () => {
    const { system, costs } = sampleOf(
      problemOf(
        'v1 a 0 1\nr1 a b 1k\nd1 b 0 dm\nc1 b 0 1n\nr2 b c 2k\nc2 c 0 1n\nl1 c d 1m\nr3 d 0 3k\n.model dm d is=1e-12',
        ['r1.r'],
        [{ unknown: 'v(c)', target: 0.1 }],
      ),
    );
    const cost = operatingCost(costs, 'test');
    const nudged = nudge(system, cost, { beta: 1e-4 });
    const start = { x: rest(system).x, modes: new Float64Array(0) };
    const { x } = relax(nudged, start, DEFAULT_OPTIONS, createWorkspace());
    const there = rest(nudged).x;
    for (let i = 0; i < system.n; i++)
      expect(Math.abs(x[i] - there[i])).toBeLessThan(1e-8 * (1 + Math.abs(there[i])));
    expect(Math.abs(there[positionOf(system, 'v(c)')] - start.x[positionOf(system, 'v(c)')])).toBeGreaterThan(
      1e-3,
    );
  });

  it('may be given any currents, constant in x or not', () => {
    const system = systemOf('v1 a 0 1\nr1 a b 1\nr2 b 0 1');
    const b = positionOf(system, 'v(b)');
    const loaded = augment(system, {
      entries: { rows: new Int32Array(0), cols: new Int32Array(0) },
      addCurrents: (_x, _t, f) => {
        f[b] += 0.5;
      },
      partials: () => {},
    });
    expect(rest(loaded).x[b]).toBeCloseTo(0.25, 15);
  });
});
