// Leaves beside a bundle the code that V8 makes of it, and of the kernels, while decks are run, remember.cir and
// remember-many.cir above all: see start.mjs.
import { renameSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { ENDING, machineCode, optimiseKernelsAfter, scriptOf, start } from './engine.mjs';

/** Bytes of code run in a kernel. */
const SOON = 2000;
/** Milliseconds, and how many of them must pass without anything new. */
const MOMENT = 100;
const PATIENCE = 5;

const [, , filename, scratch, ...decks] = process.argv;
// Functions that have not run for a while keep their code.
setFlagsFromString('--no-flush-bytecode');
const script = scriptOf(filename);
// Whatever kernel runs here is optimised.
optimiseKernelsAfter(SOON);
let module;
const compile = (bytes) => (module ??= new WebAssembly.Module(bytes));
for (const deck of decks) {
  for (const ending of ['csv', 'raw']) {
    process.argv = [process.execPath, 'tellegen', 'run', deck, '-q', '-o', `${scratch}.${ending}`];
    await start(script, pathToFileURL(filename).href, compile).finished;
  }
}
setFlagsFromString('--flush-bytecode');
optimiseKernelsAfter();
keep('.code', script.createCachedData());
keep(ENDING, await optimised());
process.exitCode = 0;

function keep(ending, code) {
  writeFileSync(`${filename}.part`, code);
  renameSync(`${filename}.part`, `${filename}${ending}`);
}

/** The kernels' machine code once other threads have made all of it that they will. */
async function optimised() {
  let code = machineCode(module);
  for (let quiet = 0; quiet < PATIENCE; ) {
    await setTimeout(MOMENT);
    const now = machineCode(module);
    quiet = now.length === code.length ? quiet + 1 : 0;
    code = now;
  }
  return code;
}
