// A half-wave rectifier whose diode node holds no charge: whatever the resistor, the run ends, and at a loose
// tolerance where a tight one does.
import { describe, expect, it } from 'vitest';
import { column, run } from './run.js';

const deck = (r: number, reltol: number) => `half-wave rectifier
V1 in 0 SIN(0 5 1k)
D1 in a dm
R1 a out ${r}
C1 out 0 1u
R2 out 0 10k
.model dm D(is=1e-14 rs=1)
.options reltol=${reltol}
.tran 10u 4m
.save v(out)
.end`;

describe('a half-wave rectifier', () => {
  it.each([100, 300, 500, 800, 850, 900, 1300, 2000])('behind %i ohm ends, and rightly', (r) => {
    const at = [1e-3, 2e-3, 3e-3, 4e-3];
    const loose = column(run(deck(r, 1e-3), 'tran', { at }), 'v(out)');
    const tight = column(run(deck(r, 1e-6), 'tran', { at }), 'v(out)');
    loose.forEach((v, k) => {
      expect(Math.abs(v - tight[k])).toBeLessThan(5e-3);
    });
  });
});
