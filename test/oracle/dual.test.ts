// ngspice runs circuits that carry their own gradient, and agrees with dense linear algebra and central differences.
import { describe, expect, it } from 'vitest';
import { dualOf } from '../../src/dual/dual.js';
import { estimate } from '../../src/learn/compare.js';
import { problemOf } from '../../src/lesson/deck.js';
import { dualDeck } from '../../src/lesson/dual-deck.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { CASES, costate, deckOf, differences } from '../dual/circuits.js';
import { everyDevice } from '../learn/circuits.js';
import { interpolate, ngspice } from '../support/ngspice.js';

const FORMS = ['adjoint', 'dyadic'] as const;

/** What ngspice's gmin across its own junctions, 1e-12 S, and its tolerances leave. */
const RELATIVE = 1e-5;

describe.each(CASES)('$name', ({ text, cost }) => {
  const deck = deckOf(text);
  const reference = differences(deck, cost);
  const lambda = costate(deck, cost);
  const size = Math.max(...[...lambda.values()].map(Math.abs));

  it.each(FORMS)('in ngspice: λ and the gradient by the %s form', async (form) => {
    const { columns } = await ngspice(dualDeck(deck, { form }));
    const { nodes } = dualOf(deck.circuit, { op: 'const', value: 0 }, { form });
    const sign = form === 'adjoint' ? 1 : -1;
    for (const [node, value] of lambda) {
      const found = sign * columns.get(`v(${nodes.get(node)})`)![0];
      expect(Math.abs(found - value) / size, `λ of ${node}`).toBeLessThan(RELATIVE);
    }
    for (const [name, value] of reference) {
      expect(Math.abs(columns.get(`v(grad_${name})`)![0] / value - 1), name).toBeLessThan(RELATIVE);
    }
  });
});

describe.each(Object.entries(everyDevice))('every device: %s', (name, cards) => {
  const output = { 'two-terminal elements': 'g', 'controlled sources': 'h' }[name] ?? 'e';
  const deck = deckOf(`${cards}\n.train *.*\n.cost op v(${output}) target=0.3\n`);
  const problem = problemOf(deck);
  const { gradient } = estimate(problem, 'adjoint');

  it.each(FORMS)('ngspice on the %s form gives the gradient of the adjoint rule', async (form) => {
    const { columns } = await ngspice(dualDeck(deck, { form }));
    const scaled = problem.parameters.map(({ name: parameter }, k) => {
      const value = columns.get(`v(grad_${parameter})`)![0];
      return [value * problem.values[k], gradient[k] * problem.values[k]];
    });
    const largest = Math.max(...scaled.map(([, expected]) => Math.abs(expected)));
    scaled.forEach(([found, expected], k) => {
      expect(Math.abs(found - expected) / largest, problem.parameters[k].name).toBeLessThan(RELATIVE);
    });
  });
});

describe('in time, in ngspice', () => {
  it.each(FORMS)('the gradient of a rectifier settles with it, by the %s form', async (form) => {
    const deck = parseDeck(`rectifier
V1 in 0 PULSE(0 0.6 0 1n 1n 1 2)
R1 in a 100
D1 a b dm
R2 b 0 200
C1 b 0 1n
L1 b c 1u
R4 c 0 100
.model dm d(is=1e-9 n=1.5 rs=5 cjo=200p)
.train R1 R2 R4 D1.is D1.rs
.cost op v(c) target=0.1
.tran 5n 5u 0 5n
.options reltol=1e-6 abstol=1e-13 vntol=1e-9
.end
`);
    const { columns } = await ngspice(dualDeck(deck, { form }));
    const rest = await ngspice(
      dualDeck(deck, { form })
        .replace(/^\.tran.*$/m, '.op')
        .replace(/pulse\([^)]*\)/g, 'dc 0.6'),
    );
    const course = (name: string) => columns.get(`v(grad_${name})`)!;
    const settled = (name: string) => rest.columns.get(`v(grad_${name})`)![0];
    for (const { name } of deck.trains.flatMap(({ parameters }) => parameters))
      expect(Math.abs(course(name).at(-1)! / settled(name) - 1), name).toBeLessThan(1e-4);
    const early = interpolate(columns.get('time')!, course('r4.r'), 50e-9);
    expect(Math.abs(early / settled('r4.r') - 1)).toBeGreaterThan(0.01);
  });
});
