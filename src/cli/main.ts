// tellegen: the command line. Commands are loaded when they are asked for, so that --help answers at once.
import { Command, CommanderError } from 'commander';
import { nearest } from '../expression/suggest.js';
import { compileBy } from '../math/kernels/instance.js';
import { commands } from './commands.js';
import { err, errRaw, out } from './terminal.js';

/** From package.json, put in by the bundler. */
declare const VERSION: string;
/** What start.mjs lets the kernels be compiled by. */
declare const COMPILE: Parameters<typeof compileBy>[0];
compileBy(COMPILE);

const DEFAULT = 'run';

/** The commands that these words may want: the one they name, the default for a deck, all of them for questions. */
function wanted(words: readonly string[]): readonly string[] {
  const [first = '-'] = words;
  if (Object.hasOwn(commands, first)) return [first];
  const question =
    first.startsWith('-') || first === 'help' || words.includes('-h') || words.includes('--help');
  return question ? Object.keys(commands) : [DEFAULT];
}

const helpOf = (command: string): string => `(${command} --help shows how it is used)`;

function program(names: readonly string[]): Command {
  const tellegen = new Command('tellegen')
    .description('A circuit simulator: SPICE deck in, waveforms and gradients out.')
    .version(VERSION)
    .configureOutput({ writeOut: out, writeErr: errRaw })
    .showHelpAfterError(helpOf('tellegen'))
    .exitOverride();
  for (const name of names)
    commands[name](tellegen.command(name, { isDefault: name === DEFAULT }))
      .showHelpAfterError(helpOf(`tellegen ${name}`))
      .exitOverride();
  return tellegen;
}

/** Settled when all is done; true: all of it is written, the process may end at once. */
export const finished: Promise<boolean> = begin();

async function begin(): Promise<boolean> {
  try {
    const words = process.argv.slice(2);
    const tellegen = program(wanted(words));
    if (words.length === 0) tellegen.help({ error: true });
    if (mistaken(words[0])) return false;
    await tellegen.parseAsync();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false;
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return false;
  }
}

/** Whether the first word is no deck, but a command misspelt; says so. */
function mistaken(word: string): boolean {
  if (!/^[a-z]+$/i.test(word) || Object.hasOwn(commands, word) || word === 'help') return false;
  const { existsSync } = process.getBuiltinModule('node:fs');
  const meant = existsSync(word) ? undefined : nearest(word.toLowerCase(), Object.keys(commands));
  if (meant === undefined) return false;
  err(`error: there is no command "${word}" [unknown-command]\n  help: did you mean "${meant}"?`);
  process.exitCode = 2;
  return true;
}
