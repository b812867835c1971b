#!/usr/bin/env node
// Starts the command line from the code that V8 made of it when it was built: nothing is parsed or compiled again. Where
// that does not serve (another version of node, other flags), the bundle itself does.
import { scriptOf, start } from './engine.mjs';

const { readFileSync } = process.getBuiltinModule('node:fs');
const { fileURLToPath } = process.getBuiltinModule('node:url');

const url = new URL(`./chunks/${BUNDLE}`, import.meta.url).href;
const filename = fileURLToPath(url);

function remembered() {
  try {
    return readFileSync(`${filename}.code`);
  } catch {
    return undefined;
  }
}

if (await start(scriptOf(filename, remembered()), url).finished) process.exit();
