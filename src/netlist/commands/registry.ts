// Every dot command there is: a new one is one new file and one word here.
import { analysisCommands } from './analyses.js';
import type { Command } from './command.js';
import { costCommands } from './cost.js';
import { definitionCommands } from './definitions.js';
import { measureCommands } from './measures.js';
import { optionCommands } from './options.js';
import { outputCommands } from './outputs.js';
import { stepCommands } from './steps.js';
import { structureCommands } from './structure.js';
import { trainCommands } from './train.js';

const all = [
  ...structureCommands,
  ...definitionCommands,
  ...optionCommands,
  ...analysisCommands,
  ...stepCommands,
  ...outputCommands,
  ...measureCommands,
  ...trainCommands,
  ...costCommands,
];

/** By name, without the dot. */
export const commands: ReadonlyMap<string, Command> = new Map(
  all.flatMap((command) => command.names.map((name) => [name, command] as const)),
);
