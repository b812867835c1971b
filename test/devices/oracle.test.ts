// The diode and the waveforms against ngspice, an independent simulator.
import { describe, expect, test } from 'vitest';
import { kindByName } from '../../src/devices/registry.js';
import { argumentsOf, waveforms } from '../../src/devices/waveforms.js';
import { differentiator } from '../../src/expression/derivative.js';
import { evaluate } from '../../src/expression/evaluate.js';
import { ngspice } from '../support/ngspice.js';
import { bench, type Values } from './stand.js';

const text = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

describe.each([
  ['at room temperature', 27, 27],
  ['at 75 °C', 75, 27],
  ['at −20 °C, measured at 25 °C', -20, 25],
])('the diode %s', (_, celsius, nominal) => {
  const model = {
    is: 2e-12,
    n: 1.3,
    bv: 6,
    ibv: 1e-3,
    cjo: 4e-12,
    vj: 0.75,
    m: 0.35,
    fc: 0.5,
    tt: 5e-9,
    eg: 0.69,
    xti: 2,
  };
  const diode = bench(kindByName('diode')!, { ...model, area: 1.5 }, {}, { celsius, nominal });
  const row = diode.rows.get('v:anode')!;
  const at = (v: number) => diode.lookup({ 'v:anode': v, 'v:cathode': 0 });
  const deck = (analysis: string, bias: string): string =>
    `diode\nV1 a 0 ${bias}\nD1 a 0 dmod area=1.5\n.model dmod D(${text(model)})\n` +
    `.options gmin=1e-20 temp=${celsius} tnom=${nominal}\n${analysis}\n.end\n`;

  test('carries the same current from breakdown to conduction', async () => {
    const run = await ngspice(deck('.dc V1 -6.2 0.8 0.05', 'DC 0'));
    const swept = run.columns.get('v(a)')!;
    const current = run.columns.get('i(v1)')!;
    expect(swept.length).toBeGreaterThan(100);
    const saturation = Math.abs(evaluate(row.f, at(-4)));
    for (let k = 0; k < swept.length; k++) {
      const i = evaluate(row.f, at(swept[k]));
      // Where breakdown begins, ngspice's current has a kink of one saturation current and ours is smooth.
      const kink = swept[k] < -5 ? saturation : 1e-18;
      expect(Math.abs(i + current[k]), `v = ${swept[k]}`).toBeLessThanOrEqual(1e-3 * Math.abs(i) + kink);
    }
  });

  test.each([-4, -0.5, 0.1, 0.3, 0.5])('has the same capacitance at %f V', async (v) => {
    const run = await ngspice(deck('.ac lin 1 1e6 1e6', `DC ${v} AC 1`));
    const capacitance = -run.imaginary.get('i(v1)')![0] / (2 * Math.PI * 1e6);
    expect(evaluate(differentiator('v:anode')(row.q), at(v)) / capacitance).toBeCloseTo(1, 3);
  });
});

test.each<[string, number[], string]>([
  ['pulse', [0, 1, 0.2e-3, 0.1e-3, 0.05e-3, 0.4e-3, 1e-3], ''],
  ['pulse', [1, -1, 0.2e-3, 0, 0, 0.4e-3, 1e-3, 2], ''],
  ['pulse', [0, 2], ''],
  ['sin', [0.5, 2, 1e3, 0.2e-3, 500, 30], ''],
  ['sin', [0, 1], ''],
  ['exp', [0, 1, 0.3e-3, 0.2e-3, 1.5e-3, 0.5e-3], ''],
  ['exp', [0, 1, 0, 1e-3], ''],
  ['pwl', [0.2e-3, -1, 0, 1, 1e-3, 3, 2e-3, -1], 'td=0.2m'],
  ['pwl', [0.2e-3, 0, 0, 0, 1e-3, 1, 1.7e-3, 0], 'r=0 td=0.2m'],
  ['sffm', [1, 2, 300, 2, 1e3, 0.1e-3, 30, 60], ''],
  ['am', [0.5, 1, 0.7, 300, 2e3, 0.1e-3, 30, 60], ''],
])('%s(%j) is what ngspice makes of it', async (name, written, named) => {
  const w = waveforms.get(name)!;
  const positional = written.slice(w.named.length);
  const deck = `source\nV1 a 0 ${name.toUpperCase()}(${positional.join(' ')}) ${named}\nR1 a 0 1\n.tran 10u 5m\n.end\n`;
  const run = await ngspice(deck);
  const args = argumentsOf(w, written, { tstep: 10e-6, tstop: 5e-3 });
  const [time, value] = [run.columns.get('time')!, run.columns.get('v(a)')!];
  expect(time.length).toBeGreaterThan(100);
  for (let k = 1; k < time.length; k++) {
    // ngspice's own times stray from its corners by rounding.
    const near = Math.abs(w.slope(args, time[k])) * 1e-9;
    const jump = w.value(args, time[k] * (1 + 1e-9)) - w.value(args, time[k] * (1 - 1e-9));
    expect(Math.abs(w.value(args, time[k]) - value[k]), `t = ${time[k]}`).toBeLessThanOrEqual(
      1e-6 + near + Math.abs(jump),
    );
  }
});
