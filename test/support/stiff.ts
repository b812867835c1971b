// Published stiff initial-value problems (Test Set for IVP Solvers, Bari/CWI) as unit capacitances with sources, with
// the published values at the end.
import type { System } from '../../src/circuit/system.js';
import { ode } from './system.js';

export interface StiffProblem {
  readonly name: string;
  readonly system: () => System;
  readonly tstop: number;
  /** Absolute tolerance over reltol at which the smallest component is still seen. */
  readonly smallest: number;
  readonly end: readonly number[];
}

const eps = 1e-6;
const s = 77.27;
const w = 0.161;
const q = 8.375e-6;

export const STIFF: readonly StiffProblem[] = [
  {
    name: 'VDPOL',
    tstop: 2,
    smallest: 1e-6,
    end: [0.1706167732170483e1, -0.8928097010247975],
    system: () =>
      ode(
        [2, 0],
        ([a, b]) => [b, ((1 - a * a) * b - a) / eps],
        ([a, b]) => [
          [0, 1],
          [(-2 * a * b - 1) / eps, (1 - a * a) / eps],
        ],
      ),
  },
  {
    name: 'HIRES',
    tstop: 321.8122,
    smallest: 1e-6,
    end: [
      0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2,
      0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2,
    ],
    system: () =>
      ode(
        [1, 0, 0, 0, 0, 0, 0, 0.0057],
        (y) => {
          const r = 280 * y[5] * y[7];
          return [
            -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007,
            1.71 * y[0] - 8.75 * y[1],
            -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4],
            8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3],
            -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6],
            -r + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6],
            r - 1.81 * y[6],
            -r + 1.81 * y[6],
          ];
        },
        (y) => {
          const a = 280 * y[7];
          const b = 280 * y[5];
          return [
            [-1.71, 0.43, 8.32, 0, 0, 0, 0, 0],
            [1.71, -8.75, 0, 0, 0, 0, 0, 0],
            [0, 0, -10.03, 0.43, 0.035, 0, 0, 0],
            [0, 8.32, 1.71, -1.12, 0, 0, 0, 0],
            [0, 0, 0, 0, -1.745, 0.43, 0.43, 0],
            [0, 0, 0, 0.69, 1.71, -a - 0.43, 0.69, -b],
            [0, 0, 0, 0, 0, a, -1.81, b],
            [0, 0, 0, 0, 0, -a, 1.81, -b],
          ];
        },
      ),
  },
  {
    name: 'OREGO',
    tstop: 360,
    smallest: 1e-6,
    end: [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3],
    system: () =>
      ode(
        [1, 2, 3],
        ([a, b, c]) => [s * (b + a - a * b - q * a * a), (c - (1 + a) * b) / s, w * (a - c)],
        ([a, b]) => [
          [s * (1 - b - 2 * q * a), s * (1 - a), 0],
          [-b / s, -(1 + a) / s, 1 / s],
          [w, 0, -w],
        ],
      ),
  },
  {
    name: 'ROBER',
    tstop: 1e11,
    smallest: 1e-14,
    end: [0.2083340149701255e-7, 0.8333360770334713e-13, 0.999999979166505],
    system: () =>
      ode(
        [1, 0, 0],
        ([a, b, c]) => [-0.04 * a + 1e4 * b * c, 0.04 * a - 1e4 * b * c - 3e7 * b * b, 3e7 * b * b],
        ([, b, c]) => [
          [-0.04, 1e4 * c, 1e4 * b],
          [0.04, -1e4 * c - 6e7 * b, -1e4 * b],
          [0, 6e7 * b, 0],
        ],
      ),
  },
];
