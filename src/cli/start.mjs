#!/usr/bin/env node
// Starts the command line from the code that V8 made of it when it was built: nothing is parsed or compiled again. Where
// that does not serve (another version of node, other flags), the bundle itself does.
import { scriptOf, start } from './engine.mjs';

const { readFileSync } = process.getBuiltinModule('node:fs');
const { join } = process.getBuiltinModule('node:path');
const { pathToFileURL } = process.getBuiltinModule('node:url');

const filename = join(import.meta.dirname, 'chunks', BUNDLE);

function remembered() {
  try {
    return readFileSync(`${filename}.code`);
  } catch {
    return undefined;
  }
}

start(scriptOf(filename, remembered()), pathToFileURL(filename).href).finished.then((all) => {
  if (all) process.exit();
});
