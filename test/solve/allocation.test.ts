// A step allocates no vector: what it leaves behind are a few boxed numbers, whatever the size of the circuit.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { fhnChain } from '../../circuits/fhn-chain.js';
import { compile } from '../../src/circuit/compile.js';
import { march } from '../../src/solve/march.js';
import { createWorkspace } from '../../src/solve/workspace.js';
import { options } from '../support/run.js';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

/** Excitable cells in a row: evaluating them allocates nothing. */
const chain = () => compile(fhnChain({ cells: 200 })).bind({ timing: { tstep: 0.5, tstop: 200 } });

const bytes = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

it.each(['bdf', 'trap', 'trbdf2', 'odex'] as const)(
  '%s: a step leaves less behind than one vector',
  (method) => {
    const system = chain();
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
  },
);
