// Leaves beside a bundle the code that V8 makes of it while decks are run, remember.cir above all: see start.mjs.
import { renameSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { scriptOf, start } from './engine.mjs';

const [, , filename, scratch, ...decks] = process.argv;
// Functions that have not run for a while keep their code.
setFlagsFromString('--no-flush-bytecode');
const script = scriptOf(filename);
for (const deck of decks) {
  for (const ending of ['csv', 'raw']) {
    process.argv = [process.execPath, 'tellegen', 'run', deck, '-q', '-o', `${scratch}.${ending}`];
    await start(script, pathToFileURL(filename).href).finished;
  }
}
setFlagsFromString('--flush-bytecode');
writeFileSync(`${filename}.part`, script.createCachedData());
renameSync(`${filename}.part`, `${filename}.code`);
process.exitCode = 0;
