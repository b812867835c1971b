// @spice-ts/core: deck in, rawfile out. It takes the largest step as an option, not from the .tran card.
import { readFileSync, writeFileSync } from 'node:fs';
import { simulate } from '@spice-ts/core';
import { writeTransient } from './rawfile.js';

const [deck, raw, tmax, ...nodes] = process.argv.slice(2);
const text = readFileSync(deck, 'utf8');
const begin = process.cpuUsage();
try {
  const { transient } = await simulate(text, { maxTimestep: Number(tmax) });
  const { user, system } = process.cpuUsage(begin);
  if (!transient) throw new Error('no transient in the result');
  writeFileSync(
    raw,
    writeTransient([
      { name: 'time', values: transient.time },
      ...nodes.map((name) => ({ name: `v(${name})`, values: transient.voltage(name) })),
    ]),
  );
  process.stdout.write(`analysis ${(user + system) / 1e6}\n`);
} catch (error) {
  process.stderr.write(`Error: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}\n`);
  process.exitCode = 1;
}
