// Where tolerances meet rounding: 24 S of a series resistance times volts, rounded, flow through the megohms that tie a
// floating circuit to ground. A march goes on as far as that lets it, and says so where it does not.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseDeck } from '../../src/netlist/parse.js';
import { simulate } from '../../src/study/simulate.js';

/** A deck of the package with this transient and these options. */
function run(name: string, tran: string, options: Readonly<Record<string, number | string>>) {
  const text = readFileSync(new URL(`../../netlists/${name}.cir`, import.meta.url), 'utf8');
  const deck = parseDeck(text.replace(/^\.tran .*$/m, tran));
  return simulate(deck, { options: new Map(Object.entries(options)) });
}

test('a bridge of diodes without a capacitor to ground runs at tolerances beneath the rounding of what it floats at', () => {
  const last = (options: Readonly<Record<string, number | string>>): number => {
    const { failure, datasets } = run('graetz', '.tran 20u 5m', options);
    expect(failure).toBeUndefined();
    const output = datasets[0].columns.find(({ name }) => name === 'v(outp,outn)');
    return Number(output?.values.at(-1));
  };
  const reference = last({ reltol: 1e-7, vntol: 1e-7, method: 'trbdf2' });
  for (const [method, vntol] of [
    ['bdf', 1e-9],
    ['bdf', 1e-8],
    ['trap', 1e-8],
  ] as const) {
    const found = last({ reltol: 1e-8, vntol, abstol: 1e-14, method });
    expect(Math.abs(found / reference - 1), `${method} ${vntol}`).toBeLessThan(5e-8);
  }
});

test('what rounding does not let a march meet is said, with what it would meet', () => {
  // v(d1.inner), 42 mΩ from ground, follows the charge that 100 V put on a junction: ε·αq·42 mΩ.
  const tight = { reltol: 1e-10, vntol: 1e-12, abstol: 1e-16 };
  const { failure } = run('multiplier', '.tran 0.1u 250u 0 0.05u', tight);
  expect(['step-too-small', 'newton-diverged']).toContain(failure?.report.code);
  const said =
    /^rounding leaves v\(d1\.inner\) uncertain by \de-14: ask for less, with vntol=(1e-11) and a larger reltol$/;
  const [, vntol] = said.exec(failure?.report.hint ?? '') ?? [];
  const { failure: none } = run('multiplier', '.tran 0.1u 25u 0 0.05u', { ...tight, vntol: Number(vntol) });
  expect(none).toBeUndefined();
});

test('a solution that grows without bound is not laid to rounding', () => {
  const { failure } = simulate(
    parseDeck(
      't\nC1 a 0 1u ic=1\nB1 0 a I={1m*v(a)^3}\n.tran 10u 2m uic\n.options reltol=1e-8 vntol=1e-10\n.end\n',
    ),
  );
  expect(failure?.report.code).toBe('step-too-small');
  expect(failure?.report.hint).toBeUndefined();
});
