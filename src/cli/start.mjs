#!/usr/bin/env node
// Starts the command line from the code that V8 made of it when it was built: nothing is parsed or compiled again. Where
// that does not serve (another version of node, other flags), the bundle itself does. Bundled as CommonJS, which node
// starts in 5 ms less than a module.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { scriptOf, start } from './engine.mjs';

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
