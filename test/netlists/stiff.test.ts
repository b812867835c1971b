// Published stiff problems (Test Set for IVP Solvers, Bari/CWI) as decks: each component is the voltage of a unit
// capacitor, each right-hand side a behavioural current into it.
import { describe, expect, it } from 'vitest';
import { column, deckText, run } from './run.js';

interface Problem {
  readonly name: string;
  readonly start: readonly number[];
  /** y′ₖ over y1, y2, … */
  readonly slopes: readonly string[];
  readonly tstop: number;
  /** Absolute tolerance over reltol: small enough to see the smallest component. */
  readonly smallest: number;
  readonly end: readonly number[];
}

const problems: readonly Problem[] = [
  {
    name: 'VDPOL',
    start: [2, 0],
    slopes: ['y2', '((1-y1^2)*y2-y1)/1e-6'],
    tstop: 2,
    smallest: 1e-6,
    end: [0.1706167732170483e1, -0.8928097010247975],
  },
  {
    name: 'HIRES',
    start: [1, 0, 0, 0, 0, 0, 0, 0.0057],
    slopes: [
      '-1.71*y1+0.43*y2+8.32*y3+0.0007',
      '1.71*y1-8.75*y2',
      '-10.03*y3+0.43*y4+0.035*y5',
      '8.32*y2+1.71*y3-1.12*y4',
      '-1.745*y5+0.43*y6+0.43*y7',
      '-280*y6*y8+0.69*y4+1.71*y5-0.43*y6+0.69*y7',
      '280*y6*y8-1.81*y7',
      '1.81*y7-280*y6*y8',
    ],
    tstop: 321.8122,
    smallest: 1e-6,
    end: [
      0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2,
      0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2,
    ],
  },
  {
    name: 'OREGO',
    start: [1, 2, 3],
    slopes: ['77.27*(y2+y1-y1*y2-8.375e-6*y1^2)', '(y3-(1+y1)*y2)/77.27', '0.161*(y1-y3)'],
    tstop: 360,
    smallest: 1e-6,
    end: [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3],
  },
  {
    name: 'ROBER',
    start: [1, 0, 0],
    slopes: ['-0.04*y1+1e4*y2*y3', '0.04*y1-1e4*y2*y3-3e7*y2^2', '3e7*y2^2'],
    tstop: 1e11,
    smallest: 1e-14,
    end: [0.2083340149701255e-7, 0.8333360770334713e-13, 0.999999979166505],
  },
];

function deckOf(p: Problem, reltol: number): string {
  const cards = p.slopes.flatMap((slope, k) => [
    `C${k + 1} y${k + 1} 0 1 IC=${p.start[k]}`,
    `B${k + 1} 0 y${k + 1} I=${slope.replace(/y\d/g, 'V($&)')}`,
  ]);
  const options = `.options reltol=${reltol} vntol=${reltol * p.smallest} abstol=${reltol * p.smallest}`;
  return [p.name, ...cards, options, `.tran ${p.tstop / 100} ${p.tstop} uic`, '.end', ''].join('\n');
}

/** −log₁₀ of the largest relative error at the end. */
function digits(p: Problem, reltol: number): number {
  const dataset = run(deckOf(p, reltol), 'tran', { at: [p.tstop] });
  const errors = p.end.map((value, k) => Math.abs(column(dataset, `v(y${k + 1})`).at(-1)! / value - 1));
  return -Math.log10(Math.max(...errors));
}

describe.each(problems)('$name as a netlist', (problem) => {
  it('has at least four correct digits at reltol = 1e-6', () => {
    expect(digits(problem, 1e-6)).toBeGreaterThan(4);
  });

  it('errs at least five times less per decade of reltol', () => {
    // The line that fits the digits at 1e-4 … 1e-8 best: those at a single tolerance are partly luck.
    const slope = [-2, -1, 0, 1, 2].reduce((sum, k) => sum + (k * digits(problem, 10 ** (-6 - k))) / 10, 0);
    expect(slope).toBeGreaterThan(Math.log10(5));
  });
});

describe('the kicked chain of twenty FitzHugh–Nagumo cells', () => {
  const reference: readonly [number, number[]][] = [
    [30, [-1.475460763, 1.26938899, -1.199404693]],
    [50, [-0.945856827, -1.55691863, 1.672094802]],
    [60, [-0.92940406, -1.297154317, -1.838654295]],
  ];
  const signals = ['v(v1)', 'v(v10)', 'v(v20)'];

  /** Largest error against DOP853 at rtol 1e-12. */
  function error(reltol: number): number {
    const dataset = run(deckText('fhn-chain'), 'tran', {
      at: reference.map(([t]) => t),
      options: new Map([
        ['reltol', reltol],
        ['vntol', reltol * 1e-3],
      ]),
    });
    return Math.max(
      ...reference.flatMap(([, values], k) =>
        signals.map((s, j) => Math.abs(column(dataset, s)[k] - values[j])),
      ),
    );
  }

  it('errs less than 1e-4 at reltol = 1e-6', () => {
    expect(error(1e-6)).toBeLessThan(1e-4);
  });

  it('errs at least five times less per decade of reltol', () => {
    expect(Math.log10(error(1e-4) / error(1e-7)) / 3).toBeGreaterThan(Math.log10(5));
  });
});
