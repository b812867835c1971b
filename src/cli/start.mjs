#!/usr/bin/env node
// Starts the command line from the code that V8 made of it, and of the kernels, when it was built: nothing is parsed or
// compiled again. Where that does not serve (another version of node, other flags), the bundle itself does.
import { ENDING, moduleOf, scriptOf, start } from './engine.mjs';

const { readFileSync } = process.getBuiltinModule('node:fs');
const { join } = process.getBuiltinModule('node:path');
const { pathToFileURL } = process.getBuiltinModule('node:url');

const filename = join(import.meta.dirname, 'chunks', BUNDLE);

function remembered(ending) {
  try {
    return readFileSync(`${filename}${ending}`);
  } catch {
    return undefined;
  }
}

function compile(bytes) {
  const kept = remembered(ENDING);
  return (kept && moduleOf(bytes, kept)) ?? new WebAssembly.Module(bytes);
}

const script = scriptOf(filename, remembered('.code'));
start(script, pathToFileURL(filename).href, compile).finished.then((all) => {
  if (all) process.exit();
});
