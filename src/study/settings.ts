// `.options` and what replaces them, as the numbers the analyses use.
import { type AnalysisOptions, OPTION_NAMES, readOptions } from '../analysis/options.js';
import type { Element } from '../circuit/circuit.js';
import { kindByName } from '../devices/registry.js';
import { type Diagnostic, InputError } from '../errors.js';
import { didYouMean } from '../expression/suggest.js';
import type { Deck } from '../netlist/deck.js';

type Replacements = ReadonlyMap<string, number | string>;

const lowered = (replacements: Replacements): Replacements =>
  new Map([...replacements].map(([name, value]) => [name.toLowerCase(), value]));

/** Options of the circuit, not of its analyses: °C. */
const TEMPERATURES = ['temp', 'tnom'] as const;
const NAMES: readonly string[] = [...OPTION_NAMES, ...TEMPERATURES];

/** @throws InputError for values that make no sense and for replacements that name no option. */
export function settingsOf(deck: Pick<Deck, 'options'>, given: Replacements = new Map()): AnalysisOptions {
  const replacements = lowered(given);
  const raw = new Map<string, unknown>();
  for (const [name, { value }] of deck.options) raw.set(name, value);
  for (const [name, value] of replacements) raw.set(name, value);
  const { options, diagnostics } = readOptions(Object.fromEntries(raw));
  const problems = [
    ...[...replacements.keys()].filter((n) => !NAMES.includes(n)).map(unknown),
    ...diagnostics.map((d) => {
      const [name] = d.message.split('=');
      const span = replacements.has(name) ? undefined : deck.options.get(name)?.span;
      return span ? { ...d, span } : d;
    }),
  ];
  for (const name of TEMPERATURES) {
    const celsius = raw.get(name);
    if (celsius === undefined || (typeof celsius === 'number' && celsius > -273.15)) continue;
    const span = replacements.has(name) ? undefined : deck.options.get(name)?.span;
    problems.push({
      severity: 'error',
      code: 'bad-option',
      message: `${name}=${String(celsius)} is not a value for this option`,
      hint: `${name} is a temperature in °C, above −273.15`,
      ...(span ? { span } : {}),
    });
  }
  if (problems.length > 0) throw new InputError(problems);
  return options;
}

/** The deck at the temperatures of the replacements, with gmin across every junction that has none of its own. */
export function furnished<D extends Pick<Deck, 'circuit'>>(
  deck: D,
  replacements: Replacements | undefined,
  gmin: number,
): D {
  const { circuit } = deck;
  const words = lowered(replacements ?? new Map());
  const [temp, tnom] = TEMPERATURES.map((name) => words.get(name));
  if (temp === undefined && tnom === undefined && gmin === 0) return deck;
  const leaks = (e: Element): boolean =>
    kindByName(e.kind)?.parameters.gmin !== undefined &&
    circuit.models.get(e.model ?? '')?.values.gmin === undefined;
  const elements =
    gmin === 0
      ? circuit.elements
      : circuit.elements.map((e) => (leaks(e) ? { ...e, values: { ...e.values, gmin } } : e));
  return {
    ...deck,
    circuit: {
      ...circuit,
      elements,
      temperature: Number(temp ?? circuit.temperature),
      nominalTemperature: Number(tnom ?? circuit.nominalTemperature),
    },
  };
}

const unknown = (name: string): Diagnostic => ({
  severity: 'error',
  code: 'unknown-option',
  message: `there is no option "${name}"`,
  hint: didYouMean(name, NAMES) ?? `options: ${NAMES.join(', ')}`,
});
