// Does a chip know its own gradient? A thousand copies of one design with 5 % mismatch, read with a noise of 10 µV: the
// error of two rules against the nudge, beside what theory predicts.
//     node examples/chips.mjs
import { createBench, createCircuit, IDEAL, methodNamed, problemFor, rowOf } from 'tellegen';

const circuit = createCircuit('resistors and a diode')
  .model('clamp', 'd', { is: 1e-6 })
  .add('V1', 'in 0', 1)
  .add('R1', 'in a', 1e3)
  .add('R2', 'a out', 2e3)
  .add('D1', 'a 0', { model: 'clamp' })
  .add('R3', 'out 0', 5e3)
  .build();
const problem = problemFor(circuit, { train: ['R*'], costs: [{ signal: 'V(out)', target: 0.1 }] });
const bench = createBench(problem);

console.log('beta     rule                   error    predicted');
for (const beta of [1e-5, 3e-5, 1e-4]) {
  const hardware = { ...IDEAL, beta, mismatch: 0.05, read: 1e-5 };
  for (const name of ['equilibrium', 'equilibrium:one-sided']) {
    const method = methodNamed(name);
    const chips = Array.from({ length: 1000 }, (_, k) => bench.run([method], hardware, 1, k)[0]);
    const { perturbed, predicted } = rowOf(bench, method, hardware, chips);
    const numbers = [perturbed.relativeError, predicted].map((x) => x.toPrecision(3).padEnd(8));
    console.log(`${String(beta).padEnd(8)} ${name.padEnd(22)} ${numbers.join(' ')}`);
  }
}
