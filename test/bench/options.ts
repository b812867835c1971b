// What the bench was asked: --runs, --decks, --only, --quick, --count, --threads.

export type Section = 'decks' | 'precision' | 'growth' | 'gradients' | 'mutants';
const SECTIONS: readonly Section[] = ['decks', 'precision', 'growth', 'gradients', 'mutants'];

export interface BenchOptions {
  /** Rounds of the comparison. */
  readonly runs: number;
  /** Names of decks; empty: all. */
  readonly decks: readonly string[];
  readonly only: readonly Section[];
  /** One round of small sizes: to see that everything works, not to quote. */
  readonly quick: boolean;
  /** Mutants. */
  readonly count: number;
  readonly threads: number;
}

/** How the bench is asked. */
export const USAGE = `npm run bench -- [--runs 5] [--decks fhn2000,graetz] [--only ${SECTIONS.join(',')}] [--quick]
                 [--count 20000] [--threads 2]

decks      time and error on every deck against the other simulators (--runs rounds of those of --decks; default all)
precision  time against error as the tolerance tightens, drawn to docs/work-precision.svg
growth     time and memory against the size of the circuit
gradients  time of a gradient over time of its run, against the number of parameters
mutants    --count damaged decks on --threads threads: what ends in anything but results or a diagnostic
--quick    one round of small sizes
All numbers go to out/bench.json.`;

/** @throws Error with the usage when a word is not understood */
export function readBenchOptions(words: readonly string[]): BenchOptions {
  let options: BenchOptions = { runs: 5, decks: [], only: SECTIONS, quick: false, count: 20_000, threads: 2 };
  const rest = words.flatMap((word) => (/^--\w+=/.test(word) ? word.split(/=(.*)/s, 2) : [word]));
  const whole = (name: string, text: string | undefined): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`${name} is a whole number, not ${text}\n${USAGE}`);
    return value;
  };
  for (let k = 0; k < rest.length; k++) {
    const name = rest[k];
    switch (name) {
      case '--quick':
        options = { ...options, quick: true, runs: Math.min(options.runs, 1) };
        break;
      case '--runs':
        options = { ...options, runs: whole(name, rest[++k]) };
        break;
      case '--count':
        options = { ...options, count: whole(name, rest[++k]) };
        break;
      case '--threads':
        options = { ...options, threads: whole(name, rest[++k]) };
        break;
      case '--decks':
        options = { ...options, decks: (rest[++k] ?? '').split(',') };
        break;
      case '--only': {
        const only = (rest[++k] ?? '').split(',');
        const strange = only.find((name) => !SECTIONS.includes(name as Section));
        if (strange !== undefined) throw new Error(`no section ${strange}\n${USAGE}`);
        options = { ...options, only: only as Section[] };
        break;
      }
      default:
        throw new Error(`what is ${name}?\n${USAGE}`);
    }
  }
  return options;
}
