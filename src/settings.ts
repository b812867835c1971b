// `.options` and what replaces them, as the numbers the analyses use.
import { type AnalysisOptions, OPTION_NAMES, readOptions } from './analysis/options.js';
import { type Diagnostic, InputError } from './errors.js';
import { didYouMean } from './expression/suggest.js';
import type { Deck } from './netlist/deck.js';

/** @throws InputError for values that make no sense and for replacements that name no option. */
export function settingsOf(
  deck: Pick<Deck, 'options'>,
  replacements: ReadonlyMap<string, number | string> = new Map(),
): AnalysisOptions {
  const raw = new Map<string, unknown>();
  for (const [name, { value }] of deck.options) raw.set(name, value);
  for (const [name, value] of replacements) raw.set(name.toLowerCase(), value);
  const { options, diagnostics } = readOptions(Object.fromEntries(raw));
  const problems = [
    ...[...replacements.keys()]
      .map((n) => n.toLowerCase())
      .filter((n) => !OPTION_NAMES.includes(n))
      .map(unknown),
    ...diagnostics.map((d) => {
      const [name] = d.message.split('=');
      const span = replacements.has(name) ? undefined : deck.options.get(name)?.span;
      return span ? { ...d, span } : d;
    }),
  ];
  if (problems.length > 0) throw new InputError(problems);
  return options;
}

const unknown = (name: string): Diagnostic => ({
  severity: 'error',
  code: 'unknown-option',
  message: `there is no option "${name}"`,
  hint: didYouMean(name, OPTION_NAMES) ?? `options: ${OPTION_NAMES.join(', ')}`,
});
