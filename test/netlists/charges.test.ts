// Where charges begin (`uic`), voltages follow as α → ∞, as far as conductances can be told from α·C.
import { describe, expect, test } from 'vitest';
import { column, run } from './run.js';

describe.each(['bdf', 'trap', 'trbdf2'])('%s: charges that find their voltages', (method) => {
  test('a capacitor that only conductances join to ground, behind an inductor, begins at rest', () => {
    const result = run(
      `charges
      C1 a 0 1n ic=1
      L1 a b 1u
      R1 b 0 20
      C2 b c 0.5n
      R2 c 0 100
      .tran 1n 0.3u uic
      .options method=${method} reltol=1e-6
      .end`,
      'tran',
    );
    const ends = (name: string) => [column(result, name)[0], column(result, name).at(-1)];
    const closeTo = (values: readonly number[]) => values.map((v) => expect.closeTo(v, 4));
    // ngspice at steps of 10 ps.
    expect(ends('v(a)')).toEqual(closeTo([1, -0.0666]));
    expect(ends('v(b)')).toEqual(closeTo([0, 0.00696]));
    expect(ends('v(c)')).toEqual(closeTo([0, -0.01936]));
  });
});
