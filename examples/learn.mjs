// A divider that learns to give a third, by equilibrium propagation: the loop that `tellegen train` runs, in code.
//     node examples/learn.mjs
import {
  beginTraining,
  createCircuit,
  makeReader,
  optimisers,
  problemFor,
  ruleByName,
  trainEpoch,
} from 'tellegen';

const circuit = createCircuit('a divider')
  .add('V1', 'in 0', 1)
  .add('R1', 'in out', 1e3)
  .add('R2', 'out 0', 1e3)
  .build();
const problem = problemFor(circuit, {
  train: [{ parameters: 'R*', min: 10, log: true }],
  costs: [{ signal: 'V(out)', target: 1 / 3 }],
});
const options = { optimiser: optimisers.get('adam'), rate: 0.05, seed: 0 };
const read = makeReader(problem, ruleByName('equilibrium'), {});

let state = beginTraining(problem, options);
for (let epoch = 0; epoch < 120; epoch++) {
  const next = trainEpoch(problem, read, options, state);
  if (epoch % 20 === 0) console.log(`epoch ${next.report.epoch}: cost ${next.report.cost.toExponential(2)}`);
  state = next.state;
}
const [r1, r2] = state.values;
console.log(`R2/(R1 + R2) = ${(r2 / (r1 + r2)).toFixed(4)}`);
