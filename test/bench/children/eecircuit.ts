// ngspice as WebAssembly: deck in, rawfile out, CPU seconds of the run alone on standard output.
import { readFileSync, writeFileSync } from 'node:fs';
import { Simulation } from 'eecircuit-engine';
import { writeTransient } from './rawfile.js';

const [deck, raw] = process.argv.slice(2);
const engine = new Simulation();
const silent = (): void => {};
console.error = silent;
console.log = silent;
await engine.start();
const begin = process.cpuUsage();
engine.setNetList(readFileSync(deck, 'utf8'));
const result = await engine.runSim();
const { user, system } = process.cpuUsage(begin);
if (result.dataType !== 'real' || result.data.length === 0 || /Plotname: constants/i.test(result.header)) {
  process.stderr.write(`Error: ${engine.getError().join('; ')}\n`);
  process.exit(1);
}
writeFileSync(raw, writeTransient(result.data.map(({ name, values }) => ({ name, values }))));
process.stdout.write(`analysis ${(user + system) / 1e6}\n`);
// The engine waits for another deck for ever.
process.exit(0);
