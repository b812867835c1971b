// A run leaves nothing behind: neither objects, nor arrays, nor memory of the kernels.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { parseDeck } from '../src/netlist/parse.js';
import { simulate } from '../src/study/simulate.js';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

const deck = `a diode, a line, a switch, a cell
.param r=1k
V1 in 0 SIN(0 1 1meg) AC 1
R1 in a {r}
D1 a b dm
C1 b 0 1n
R2 b 0 10k
T1 b 0 c 0 Z0=50 TD=50n
R3 c 0 100
S1 c s in 0 sm
R4 s 0 1k
N1 v w cell
.func twice(x) {2*x}
B1 d 0 V={twice(v(b))}
R5 d 0 {twice(r)}
.model dm D(is=1e-14 rs=1 cjo=1p)
.model sm SW(vt=0.5 vh=0.1)
.model cell FHN()
.op
.ac dec 5 1k 1meg
.dc V1 -1 1 0.5
.tran 10n 200n
.meas tran top MAX v(b)
.end
`;

/** Bytes held by objects and by memory outside the heap; what is freed in turns takes more than one collection. */
const held = (): number => {
  for (let k = 0; k < 4; k++) gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** Twenty seconds of work, on a busy machine several times that. */
const PATIENCE = 300_000;

it('a thousand runs of one deck, read anew each time, leave the heap where it was', {
  timeout: PATIENCE,
}, () => {
  const run = (): number => simulate(parseDeck(deck)).measures[0].value;
  const first = run();
  for (let k = 0; k < 300; k++) run();
  const before = held();
  let last = first;
  for (let k = 0; k < 1000; k++) last = run();
  expect(last).toBe(first);
  // V8 still settles by a megabyte or so; the results alone of one run in four would be as much as this.
  expect(held() - before).toBeLessThan(3e6);
});
