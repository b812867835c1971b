// How fast does a pulse run along a chain of FitzHugh–Nagumo cells? One compiled circuit, many couplings.
// While the chain looks like a cable, the speed falls as 1/√R; where cells are felt, faster; then nothing passes.
//     node examples/pulse-speed.mjs
import { compile, createCircuit, DEFAULT_OPTIONS, transient } from 'tellegen';

const CELLS = 40;
const chain = createCircuit('chain of excitable cells').parameter('r', 1);
chain.add('Vkick', 'k 0', { pulse: [0, 5, 1, 0.1, 0.1, 5, 1e6] }).add('Rk', 'k v1', 1);
for (let k = 1; k <= CELLS; k++) chain.add(`N${k}`, `v${k} w${k}`, { model: 'cell' });
for (let k = 2; k <= CELLS; k++) chain.add(`R${k}`, `v${k - 1} v${k}`, 'r');
const circuit = chain.model('cell', 'fhn', { tau: 12.5, gamma: 0.8, a: 0.7 }).build();

const compiled = compile(circuit);
const options = { ...DEFAULT_OPTIONS, reltol: 1e-5 };

/** When a waveform first rises through 0 V, in s; NaN when it never does. */
function arrival(times, values) {
  const k = values.findIndex((v, j) => j > 0 && v > 0 && values[j - 1] <= 0);
  if (k < 0) return Number.NaN;
  const share = values[k - 1] / (values[k - 1] - values[k]);
  return times[k - 1] + share * (times[k] - times[k - 1]);
}

console.log('R (Ω)   cells per second  times √R');
for (const r of [0.25, 1, 4, 16, 64]) {
  const system = compiled.bind({ parameters: new Map([['r', r]]) });
  const probes = ['v(v10)', 'v(v30)'].map((name) => compiled.probe(system, name));
  const { axis, columns } = transient(system, probes, { tstop: 300, tmax: 0.5 }, options);
  const [t10, t30] = columns.map((c) => arrival(axis.values, c.values));
  const speed = 20 / (t30 - t10);
  const text = Number.isNaN(speed)
    ? 'nothing passes'
    : `${speed.toFixed(4).padEnd(16)}  ${(speed * Math.sqrt(r)).toFixed(4)}`;
  console.log(`${String(r).padEnd(6)}  ${text}`);
}
