// Tolerances beneath the rounding of what flows: currents between charges are known to ε·αCv and no better, whatever abstol
// says, and the point after a jump to the digits of its charges.
import { describe, expect, test } from 'vitest';
import { parseDeck } from '../../src/netlist/parse.js';
import { simulate } from '../../src/study/simulate.js';
import { circuits, explicitCircuits } from './moving-circuits.js';
import { distance, gradientBy, problemOfDeck } from './over-time.js';

const TIGHT = 'reltol=1e-8 vntol=1e-10 abstol=1e-14';
const DIVIDER = circuits['a divider of capacitors that a moving source drives from the first instant'];
const LINES = circuits['two lines with a diode between them, after uic'];

describe.each([
  ['a divider of capacitors', DIVIDER],
  ['two lines with a diode', LINES],
])('%s', (_, deck) => {
  const problem = problemOfDeck(`${deck}\n.options ${TIGHT}`);
  const adjoint = gradientBy('adjoint', problem);

  test('forward is backward', () => {
    const direct = gradientBy('direct', problem);
    expect(direct.cost).toBe(adjoint.cost);
    expect(direct.gradient.some((g) => g !== 0)).toBe(true);
    expect(distance(problem, direct.gradient, adjoint.gradient)).toBeLessThanOrEqual(1e-10);
  });

  test('another method finds the same cost', () => {
    const other = problemOfDeck(`${deck}\n.options ${TIGHT} method=trap`);
    const { cost } = gradientBy('adjoint', other);
    expect(Math.abs(cost / adjoint.cost - 1)).toBeLessThan(2e-7);
  });
});

test.each(['reltol=1e-3 vntol=1e-6 abstol=1e-12', TIGHT, 'reltol=1e-10 vntol=1e-12 abstol=1e-16'])(
  'a jump shares its charge among capacitors, to the digits of %s',
  (options) => {
    // C1·(v − 0.3) + C2·v + cjo·vj·(1 − √(1 − v/vj))/½ = 0 with vj = 1 V, by bisection.
    const charge = (v: number): number => 1e-7 * (v - 0.3) + 5e-8 * v + 2e-9 * (1 - Math.sqrt(1 - v));
    let [low, high] = [0, 0.3];
    for (let k = 0; k < 60; k++) {
      const middle = (low + high) / 2;
      if (charge(middle) < 0) low = middle;
      else high = middle;
    }
    const { datasets, failure } = simulate(
      parseDeck(`title\n${DIVIDER}\n.print tran v(b)\n.options ${options}\n.end\n`),
    );
    expect(failure).toBeUndefined();
    const reltol = Number(/reltol=(\S+)/.exec(options)?.[1]);
    expect(Math.abs(datasets[0].columns[0].values[0] - low)).toBeLessThan(0.1 * reltol * low);
  },
);

test.each(['bdf', 'trap', 'odex'])('the last point of %s is driven by what the source is there', (method) => {
  // 0.2 + sin(2π·1 kHz·1.2 ms): a limit from the left that is read earlier by 1e-9 of a long step misses it by 1e-10.
  const deck = explicitCircuits['a resonator that a sine drives, from rest'];
  const { datasets } = simulate(
    parseDeck(
      `title\n${deck}\n.print tran v(in)\n.options method=${method} reltol=1e-10 vntol=1e-12\n.end\n`,
    ),
  );
  const driven = Number(datasets[0].columns[0].values.at(-1));
  expect(Math.abs(driven - (0.2 + Math.sin(2.4 * Math.PI)))).toBeLessThan(1e-12);
});
