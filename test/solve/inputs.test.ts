// Sources that stay for a while are not asked again and again; what they give is what they would have said.
import { expect, it } from 'vitest';
import { compile } from '../../src/circuit/compile.js';
import { createRandom } from '../../src/math/random.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { createInputs } from '../../src/solve/inputs.js';

it.each([
  'PULSE(0 1 1 0.5 0.25 2 5)',
  'PULSE(2 2 1 0.5 0.25 2 5)',
  'PULSE(0 1 1 0 0 2 2.5)',
  'PULSE(-1 1 0 0.5 0.5 1 3 2)',
  'PWL(0 0 1 1 2 1 4 -1 5 -1 6 3)',
  'PWL(0 0 1 1 2 1 4 -1 5 -1 6 3) r=1 td=0.5',
  'SIN(0 1 0.3 2)',
  'EXP(0 1 2 0.5 5 0.25)',
])('%s is at any time what it is, wherever it was read before', (waveform) => {
  const { circuit } = parseDeck(`a source\nv1 a 0 ${waveform}\nr1 a b 1\nr2 b 0 1\n.end\n`);
  const system = compile(circuit).bind({ timing: { tstep: 0.1, tstop: 20 } });
  const [source] = system.sources;
  const inputs = createInputs(system);
  const x = new Float64Array(system.size);
  const random = createRandom(7);
  let t = 0;
  for (let k = 0; k < 1500; k++) {
    t = k % 250 === 249 ? 20 * random.uniform() : t + 0.05 * random.uniform();
    const corner = source.nextBreakpoint(t);
    for (const at of [t, corner < 30 ? corner : t, t - 0.01]) {
      const left = k % 3 === 0 ? 1e-12 * at : 0;
      inputs.values.fill(99);
      inputs.at(at, x, left);
      expect(inputs.values[0]).toBe(source.value(at - left));
    }
  }
});
