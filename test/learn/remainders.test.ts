// What Newton's method has left over at the points of a run is frozen with the grid, for the gradient and for its judge.
import { describe, expect, test } from 'vitest';
import { centralSlope } from '../../src/learn/central.js';
import type { Problem } from '../../src/learn/problem.js';
import { isOverTime, timeCost } from '../../src/learn/transient/cost.js';
import { follow, freeze } from '../../src/learn/transient/trajectory.js';
import { createState } from '../../src/solve/history.js';
import { createReplay } from '../../src/solve/replay.js';
import type { Tape } from '../../src/solve/tape.js';
import { createWorkspace } from '../../src/solve/workspace.js';
import { circuits } from './moving-circuits.js';
import { distance, gradientBy, problemOfDeck } from './over-time.js';

const workspace = createWorkspace();
const tapeOf = (problem: Problem): Tape => freeze(problem, problem.sample(problem.values, 0), {}, workspace);

describe.each(['bdf', 'trap', 'trbdf2'])('%s: another circuit with the same parameters', (method) => {
  test.each(Object.entries(circuits))('goes through the same points: %s', (_, deck) => {
    const text = `${deck}\n.options method=${method}`;
    const problem = problemOfDeck(text);
    const tape = tapeOf(problem);
    const { n, size } = tape.system;
    const other = follow(problem, problemOfDeck(text).sample(problem.values, 0), tape, workspace);
    expect(other.replay.system).not.toBe(tape.system);
    const own = new Float64Array(size);
    const largest = new Float64Array(n);
    const off = new Float64Array(n);
    for (let place = 0; place < tape.count; place++) {
      tape.point(place, own);
      const x = other.point(place);
      for (let i = 0; i < n; i++) {
        largest[i] = Math.max(largest[i], Math.abs(own[i]));
        off[i] = Math.max(off[i], Math.abs(x[i] - own[i]));
      }
    }
    for (let i = 0; i < n; i++) expect(off[i]).toBeLessThanOrEqual(1e-9 * largest[i] + 1e-15);
    other.release();
    tape.release();
  });
});

describe('solved to rounding instead', () => {
  /** The slope of the cost by parameter p on the grid of the tape, where every relation holds without remainder. */
  function slopeWithoutRemainders(problem: Problem, tape: Tape, p: number): number {
    const costAt = (value: number): number => {
      const { system, costs } = problem.sample(problem.values.with(p, value), 0);
      const depth = tape.reach + 1;
      const replay = createReplay(system, tape, problem.options, workspace, depth);
      const ring = Array.from({ length: depth }, () =>
        createState(system.size, system.charges, replay.arena),
      );
      const at = (place: number) => ring[place % depth];
      let solved = 0;
      const cost = timeCost(tape, costs.filter(isOverTime)).value({
        replay,
        point(place) {
          for (; solved <= place; solved++) replay.solve(solved, at(solved), at);
          return at(place).x;
        },
        residual: () => 0,
        release: () => {},
      });
      workspace.pool.giveBack(replay.arena.region);
      return cost;
    };
    return centralSlope(problem.parameters[p], problem.values[p], 1e-3, costAt, costAt(problem.values[p]));
  }

  const names = [
    'a rectifier whose diode stores charge',
    'a tunnel diode that rings',
    'a pulse along FitzHugh-Nagumo cells',
  ];
  test.each(names.flatMap((name) => ['bdf', 'trap', 'trbdf2'].map((method) => [name, method] as const)))(
    'the points give a gradient that differs by less than the tolerance: %s, %s',
    (name, method) => {
      const problem = problemOfDeck(`${circuits[name]}\n.options method=${method}`);
      const { gradient, validity } = gradientBy('adjoint', problem);
      const tape = tapeOf(problem);
      const without = problem.values.map((_, p) => slopeWithoutRemainders(problem, tape, p));
      tape.release();
      expect(validity.residual).toBeLessThanOrEqual(1);
      const between = distance(problem, gradient, without);
      expect(between).toBeLessThan(problem.options.reltol);
      expect(between).toBeGreaterThan(1e-9);
    },
  );
});
