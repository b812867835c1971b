import { describe, expect, it } from 'vitest';
import { interpolate, ngspice } from '../support/ngspice.js';

describe('the judge itself', () => {
  it('charges a capacitor through a resistor as 1 − exp(−t/RC)', async () => {
    const { columns } = await ngspice(
      'rc\nV1 a 0 PULSE(0 1 0 1n 1n 1 2)\nR1 a b 1k\nC1 b 0 1u\n.tran 10u 3m 0 1u\n.end\n',
    );
    const time = columns.get('time')!;
    const out = columns.get('v(b)')!;
    for (const t of [0.5e-3, 1e-3, 2e-3]) {
      expect(interpolate(time, out, t)).toBeCloseTo(1 - Math.exp(-t / 1e-3), 4);
    }
  });

  it('refuses a deck that ngspice does not understand, although the engine resolves', async () => {
    await expect(ngspice('broken\nV1 a 0 1\nQ9 x\n.tran 1u 1m\n.end\n')).rejects.toThrow(/did not run/);
  });

  it('refuses a run that stops before its end', async () => {
    await expect(
      ngspice('blow up\nC1 a 0 1 ic=1\nB1 a 0 I=-V(a)*V(a)\n.tran 0.1 3 uic\n.end\n'),
    ).rejects.toThrow(/did not run/);
  });

  it('gives complex columns for an AC analysis', async () => {
    const { columns, imaginary } = await ngspice(
      'rc\nV1 a 0 AC 1\nR1 a b 1k\nC1 b 0 1u\n.ac lin 1 159.15494309 159.15494309\n.end\n',
    );
    expect(columns.get('v(b)')![0]).toBeCloseTo(0.5, 6);
    expect(imaginary.get('v(b)')![0]).toBeCloseTo(-0.5, 6);
  });
});
