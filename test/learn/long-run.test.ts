// Memory of a gradient over a long run: the grid takes some hundred bytes a step, its points √K of their K numbers.
import { expect, test } from 'vitest';
import { record } from '../../src/analysis/record.js';
import { createPool, type Pool } from '../../src/math/pool.js';
import { createTrajectory } from '../../src/solve/trajectory.js';
import { createWorkspace, type Workspace } from '../../src/solve/workspace.js';
import { distance, gradientBy, problemOfDeck } from './over-time.js';

/** An excitable cell, kicked again and again: two unknowns. */
const cell = (tstop: number) =>
  problemOfDeck(`
    Vk k 0 PULSE(0 2.5 1 0.1 0.1 5 50)
    Rk k v 2
    N1 v w cell
    .model cell fhn(c=1 a=0.7 gamma=0.8 tau=12.5)
    .tran 0.1 ${tstop} 0 0.06
    .train Rk N1.g N1.tau
    .cost tran v(v) target=1`);

/** A workspace and the bytes that its pool has been asked for and not been given back. */
function metered(): { readonly workspace: Workspace; readonly bytes: () => number } {
  const pool = createPool();
  let lent = 0;
  const meter: Pool = {
    region(bytes) {
      const region = pool.region(bytes);
      lent += region.bytes;
      return region;
    },
    floats(count) {
      const floats = pool.floats(count);
      lent += floats.byteLength;
      return floats;
    },
    giveBack(what) {
      lent -= what instanceof Float64Array ? what.byteLength : what.bytes;
      pool.giveBack(what);
    },
  };
  return { workspace: { ...createWorkspace(), pool: meter }, bytes: () => lent };
}

/** Steps, and bytes of the grid and of the points of a trajectory that may keep none. */
function memoryOf(tstop: number): { steps: number; grid: number; points: number; left: number } {
  const { workspace, bytes } = metered();
  const problem = cell(tstop);
  const { system } = problem.sample(problem.values, 0);
  const tape = record(system, problem.transient!, problem.options, { capacity: 1 }, { workspace });
  const before = bytes();
  const trajectory = createTrajectory(system, tape, problem.options, workspace, 1);
  const points = bytes() - before;
  const memory = { steps: tape.pieces, grid: tape.bytes(), points };
  trajectory.release();
  tape.release();
  return { ...memory, left: bytes() };
}

test('sixteen times the steps take four times the points, and a grid of 140 bytes a step', () => {
  const short = memoryOf(150);
  const long = memoryOf(16 * 150);
  expect(long.steps / short.steps).toBeGreaterThan(15);
  expect(long.steps).toBeGreaterThan(30_000);
  expect(long.grid / long.steps).toBeLessThan(140);
  expect(long.points / short.points).toBeLessThan(4.5);
  expect(long.points).toBeLessThan(0.2 * long.steps * 5 * 8);
  expect(short.left).toBe(0);
  expect(long.left).toBe(0);
});

test('the gradient of a long run is the same from the points of blocks solved for again', () => {
  const problem = cell(300);
  const kept = gradientBy('adjoint', problem);
  const again = gradientBy('adjoint', problem, { capacity: 1 });
  expect(Math.abs(again.cost - kept.cost)).toBeLessThanOrEqual(1e-12 * kept.cost);
  expect(distance(problem, again.gradient, kept.gradient)).toBeLessThanOrEqual(1e-12);
});
