// A step allocates no vector: what it leaves behind are a few boxed numbers, whatever the size of the circuit.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { march } from '../../src/solve/march.js';
import { createWorkspace } from '../../src/solve/workspace.js';
import { options } from '../support/run.js';
import { handMade, waveform } from '../support/system.js';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

const CELLS = 60;

/** Driven nonlinear oscillators whose own evaluation allocates nothing between factorisations. */
const oscillators = () => {
  const n = 2 * CELLS;
  const G = Array.from({ length: n }, () => new Array<number>(n + 1).fill(0));
  const C = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  for (let k = 0; k < CELLS; k++) {
    G[2 * k][2 * k + 1] = 1;
    G[2 * k][n] = -1;
    G[2 * k + 1][2 * k] = -1;
    G[2 * k + 1][2 * k + 1] = 0.1;
  }
  return handMade({
    n,
    G,
    C,
    sources: [
      waveform(
        (t) => Math.sin(t),
        (t) => Math.cos(t),
      ),
    ],
    f: (x, _t, f) => {
      for (let k = 0; k < n; k += 2) f[k] += x[k] * x[k] * x[k];
    },
    jacobian: (x, _t, add) => {
      for (let k = 0; k < n; k += 2) add(k, k, 3 * x[k] * x[k]);
    },
    initial: [1, 0],
  });
};

const bytes = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

it.each(['bdf', 'trap', 'trbdf2'] as const)('%s: a step leaves less behind than one vector', (method) => {
  const system = oscillators();
  const begin = { x: new Float64Array(system.size), modes: new Float64Array(0) };
  const WARM = 1500;
  const STEPS = 3000;
  let seen = 0;
  let before = 0;
  let after = 0;
  march(system, begin, { ...options({ method }), tstop: 200, tmax: 0.02 }, createWorkspace(), () => {
    seen++;
    if (seen === WARM) {
      gc();
      before = bytes();
    } else if (seen === WARM + STEPS) after = bytes();
  });
  expect(seen).toBeGreaterThan(WARM + STEPS);
  expect((after - before) / STEPS).toBeLessThan(8 * system.n);
});
