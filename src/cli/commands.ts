// What every command takes; what it does is loaded when it is asked for.
import { type Command, Option } from 'commander';
import type { BenchRequest } from './bench.js';
import type { CheckRequest } from './check.js';
import type { DualRequest } from './dual.js';
import type { GradRequest } from './grad.js';
import type { RunRequest } from './run.js';
import type { TrainRequest } from './train.js';

const collect = (value: string, list: readonly string[] = []): readonly string[] => [...list, value];

/** Commands by name, in the order of the help: each says of a command of commander what it takes. */
export const commands: Readonly<Record<string, (command: Command) => Command>> = {
  run: (command) =>
    command
      .description('simulate a deck')
      .argument('<deck>', 'SPICE netlist; "-" reads standard input')
      .option('-o, --output <file>', 'where the results go; without it, CSV on standard output')
      .addOption(
        new Option(
          '--format <format>',
          'format of the results (default: by the ending of FILE, else csv)',
        ).choices(['csv', 'raw', 'json']),
      )
      .option('--plot <file.svg>', 'draw the waveforms')
      .option(
        '--at <times>',
        'transient results at exactly these times: 1u,2u,5m or start:step:stop, 0:1u:5m',
      )
      .option('--param <name=value>', 'set a .param of the deck (repeatable, each name once)', collect)
      .option(
        '--option <name=value>',
        'set an .option, e.g. reltol=1e-6 (repeatable, each name once)',
        collect,
      )
      .option('--threads <n>', 'threads for the runs of .step and .data (default: as many as are worth it)')
      .option('--profile', 'print where the time went, steps, iterations and factorisations')
      .option('-q, --quiet', 'print nothing on standard error but errors')
      .addHelpText(
        'after',
        '\nNumbers take SPICE suffixes (4.7k, 10MEG, 1u). Several analyses in one deck write FILE.tran.csv, FILE.ac.csv, …' +
          '\nExit codes: 0 done, 1 the simulation failed or was interrupted (what it had is written), 2 wrong input,' +
          '\n130 interrupted within a second.',
      )
      .action(async (deck: string, options: Omit<RunRequest, 'deck'>) => {
        const { run } = await import('./run.js');
        process.exitCode = await run({ ...options, deck });
      }),

  train: (command) =>
    command
      .description('train what .train marks to lower what .cost says, row by row of .data')
      .argument('<deck>', 'SPICE netlist with .train and .cost; "-" reads standard input')
      .option('--rule <rule>', 'how the gradient is read', 'adjoint')
      .option('--lr <rate>', 'learning rate', '0.1')
      .option('--epochs <n>', 'passes over the rows', '100')
      .option('--optimiser <name>', 'gd, momentum or adam', 'gd')
      .option('--batch <n>', 'rows to a step (default: all)')
      .option('--beta <nudge>', 'strength of the nudge, for rules that nudge')
      .option('--seed <n>', 'decides the order of rows in batches', '0')
      .option('-o, --output <file.cir>', 'where the trained deck goes')
      .option('--checkpoint <file>', 'where the state is kept (default: beside the output)')
      .option('--save-every <seconds>', 'how often the state is kept', '1')
      .option('--resume', 'go on from the checkpoint, to the last bit as if it had never stopped')
      .option('--param <name=value>', 'set a .param of the deck (repeatable, each name once)', collect)
      .option('--option <name=value>', 'set an .option (repeatable, each name once)', collect)
      .option('--json', 'print parameters and history as JSON at the end instead of CSV as it comes')
      .option('-q, --quiet', 'print nothing on standard error but errors')
      .action(async (deck: string, options: Omit<TrainRequest, 'deck'>) => {
        const { train } = await import('./train.js');
        process.exitCode = await train({ ...options, deck });
      }),

  check: (command) =>
    command
      .description(
        'report everything that is wrong with a deck, and which learning rules are exact at its operating point',
      )
      .argument('<deck>', 'SPICE netlist; "-" reads standard input')
      .option('--param <name=value>', 'set a .param of the deck (repeatable, each name once)', collect)
      .option('--json', 'for programs')
      .action(async (deck: string, options: Omit<CheckRequest, 'deck'>) => {
        const { check } = await import('./check.js');
        process.exitCode = await check({ ...options, deck });
      }),

  grad: (command) =>
    command
      .description('the gradient of a deck’s .cost with respect to what it .trains, by every rule')
      .argument('<deck>', 'SPICE netlist with .train and .cost; "-" reads standard input')
      .option(
        '--rule <names>',
        'adjoint, equilibrium, equilibrium:one-sided, … or all, the default (repeatable)',
        collect,
      )
      .option('--beta <number>', 'strength of the nudge (default: what moves a node by 10 µV)')
      .option('--param <name=value>', 'set a .param of the deck (repeatable, each name once)', collect)
      .option(
        '--option <name=value>',
        'set an .option, e.g. reltol=1e-6 (repeatable, each name once)',
        collect,
      )
      .option('--json', 'numbers for programs instead of a table')
      .option('-q, --quiet', 'print nothing on standard error but errors')
      .addHelpText(
        'after',
        '\nThe table has a column per rule and, below, how near each is to the adjoint. A rule that does not hold for this' +
          '\ncircuit is marked * and the reason given; asked for by name it is an error.' +
          '\nExit codes: 0 done, 1 no rest was found or it was interrupted, 2 wrong input or a rule that does not hold here,' +
          '\n130 interrupted within a second.',
      )
      .action(async (deck: string, options: Omit<GradRequest, 'deck'>) => {
        const { grad } = await import('./grad.js');
        process.exitCode = await grad({ ...options, deck });
      }),

  bench: (command) =>
    command
      .description(
        'how good the gradients of all rules are on hardware that is not ideal, beside what theory predicts',
      )
      .argument('[deck]', 'SPICE netlist with .train and .cost; "-" reads standard input')
      .option(
        '--sweep <name=levels>',
        'beta=1e-4:1:dec:5, mismatch=0:0.1:6, adc=8,10,12 (repeatable)',
        collect,
      )
      .option('--set <name=value>', 'turn a fault up for all rows, e.g. read=1m (repeatable)', collect)
      .option('--list', 'what there is to sweep and set, with units and for which costs')
      .option(
        '--rule <names>',
        'equilibrium, equilibrium:one-sided, stress, … or all that speak of the costs, the default (repeatable)',
        collect,
      )
      .option('--samples <n>', 'chips per row where hardware differs from chip to chip (default: 100)')
      .option('--seed <n>', 'of all random numbers (default: 1)')
      .option('--threads <n>', 'threads (default: as many as are worth it)')
      .option('--resume <file>', 'journal of finished chips: written, and gone on from when it is there')
      .option('--plot <file.svg>', 'draw the relative error over the first sweep; predictions are dashed')
      .option('--param <name=value>', 'set a .param of the deck (repeatable, each name once)', collect)
      .option(
        '--option <name=value>',
        'set an .option, e.g. reltol=1e-6 (repeatable, each name once)',
        collect,
      )
      .option('--json', 'numbers for programs instead of a table')
      .option('-q, --quiet', 'print nothing on standard error but errors')
      .addHelpText(
        'after',
        '\nSeveral sweeps meet in every combination. The same seed gives the same numbers on any number of threads, and' +
          '\nafter --resume. Errors are against the exact gradient of the same chip; against the design in column "nominal".' +
          '\nCosts over time are read at equal instants (steps); replay plays the error back into the chip, or into a copy of it' +
          '\nas soon as copymismatch or copyoffset is turned up. AC responses are read at the amplitudes of the AC sources.' +
          '\nExit codes: 0 done, 1 the simulation failed or was interrupted (rows of finished chips are written), 2 wrong input,' +
          '\n130 interrupted within a second.',
      )
      .action(async (deck: string | undefined, options: Omit<BenchRequest, 'deck'>) => {
        const { bench } = await import('./bench.js');
        process.exitCode = await bench({ ...options, ...(deck === undefined ? {} : { deck }) });
      }),

  dual: (command) =>
    command
      .description(
        'write a deck for any SPICE that carries the gradient of its .cost by its .train parameters',
      )
      .argument('<deck>', 'SPICE netlist with .cost op and .train; "-" reads standard input')
      .option('-o, --output <file>', 'where the deck goes; without it, standard output')
      .addOption(
        new Option('--form <form>', 'the circuit beside its adjoint network, or two copies and their stress')
          .choices(['adjoint', 'dyadic'])
          .default('adjoint'),
      )
      .option('--row <n>', 'row of the .data table of the costs, from 1', '1')
      .option('--param <name=value>', 'set a .param of the deck (repeatable, each name once)', collect)
      .action(async (deck: string, options: Omit<DualRequest, 'deck'>) => {
        const { dual } = await import('./dual.js');
        process.exitCode = await dual({ ...options, deck });
      }),

  devices: (command) =>
    command
      .description('list the devices, or document one')
      .argument('[name]', 'registry name, card letter or .model type')
      .action(async (name?: string) => {
        const { devices } = await import('./devices.js');
        process.exitCode = await devices(name);
      }),
};
