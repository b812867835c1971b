// `.options` as data: names, defaults, bounds; read with every complaint at once.
import * as z from 'zod/mini';
import type { Diagnostic } from '../errors.js';
import type { SolveOptions } from '../solve/options.js';

/** Tolerances and limits of all analyses, by the names that `.options` gives them. */
export interface AnalysisOptions extends SolveOptions {
  /** Warn when an operating point is unstable. */
  readonly stability: boolean;
}

const METHODS = {
  bdf: 'bdf',
  gear: 'bdf',
  trap: 'trap',
  trapezoidal: 'trap',
  trbdf2: 'trbdf2',
  'tr-bdf2': 'trbdf2',
  radau: 'trbdf2',
  odex: 'odex',
} as const;

const positive = () => z.number().check(z.gt(0), z.lt(Infinity));
const count = (most: number) => z.int().check(z.gte(1), z.lte(most));

/** What `.options` leaves unsaid; replace single ones: `{ ...DEFAULT_OPTIONS, reltol: 1e-6 }`. */
export const DEFAULT_OPTIONS: AnalysisOptions = {
  reltol: 1e-3,
  abstol: 1e-12,
  vntol: 1e-6,
  chgtol: 1e-14,
  gmin: 0,
  itl1: 100,
  itl4: 10,
  method: 'bdf',
  maxord: 5,
  trtol: 1,
  stability: true,
};

/** Names that `readOptions` understands. */
export const OPTION_NAMES: readonly string[] = Object.keys(DEFAULT_OPTIONS);

/** Of all options; made when one is given. */
const schema = () =>
  z.object({
    reltol: positive().check(z.lt(1)),
    abstol: positive(),
    vntol: positive(),
    chgtol: positive(),
    gmin: z.number().check(z.gte(0), z.lt(Infinity)),
    itl1: count(100_000),
    itl4: count(1000),
    method: z.pipe(
      z.enum(Object.keys(METHODS) as (keyof typeof METHODS)[]),
      z.transform((name: keyof typeof METHODS) => METHODS[name]),
    ),
    maxord: count(5),
    trtol: positive(),
    stability: z.boolean(),
  });

/**
 * Options from raw values (numbers, or words for `method`; names lower case). Names outside `OPTION_NAMES` are left to
 * the caller. Values that are wrong come back as diagnostics (`bad-option`), and the default stands in.
 */
export function readOptions(raw: Readonly<Record<string, unknown>>): {
  readonly options: AnalysisOptions;
  readonly diagnostics: readonly Diagnostic[];
} {
  const known = Object.fromEntries(
    Object.entries(raw)
      .filter(([name]) => OPTION_NAMES.includes(name))
      .map(([name, value]) => [name, normalise(name, value)]),
  );
  if (Object.keys(known).length === 0) return { options: DEFAULT_OPTIONS, diagnostics: [] };
  const result = z.safeParse(schema(), { ...DEFAULT_OPTIONS, ...known });
  if (result.success) return { options: result.data, diagnostics: [] };
  const wrong = new Set(result.error.issues.map((issue) => String(issue.path[0])));
  const diagnostics = [...wrong].map(
    (name): Diagnostic => ({
      severity: 'error',
      code: 'bad-option',
      message: `${name}=${String(raw[name])} is not a value for this option`,
      hint: HINTS[name] ?? `${name} is a positive number; the default is ${String(defaultOf(name))}`,
    }),
  );
  const rest = Object.fromEntries(Object.entries(known).filter(([name]) => !wrong.has(name)));
  return { options: z.parse(schema(), { ...DEFAULT_OPTIONS, ...rest }), diagnostics };
}

/** @throws RangeError for an option that code has given no sense. */
export function demandOptions({
  reltol,
  abstol,
  vntol,
  chgtol,
  gmin,
  itl1,
  itl4,
  maxord,
  trtol,
}: AnalysisOptions): void {
  for (const [name, value] of Object.entries({ reltol, abstol, vntol, chgtol, trtol }))
    if (!(value > 0 && value < Infinity))
      throw new RangeError(`${name} must be a positive number, not ${value}`);
  if (!(maxord <= 5)) throw new RangeError(`maxord must be 5 at most, not ${maxord}`);
  if (!(reltol < 1)) throw new RangeError(`reltol lies between 0 and 1, not at ${reltol}`);
  if (!(gmin >= 0 && gmin < Infinity)) throw new RangeError(`gmin must be 0 or more, not ${gmin}`);
  for (const [name, value] of Object.entries({ itl1, itl4, maxord }))
    if (!(Number.isInteger(value) && value >= 1))
      throw new RangeError(`${name} must be 1, 2, 3, …, not ${value}`);
}

const HINTS: Readonly<Record<string, string>> = {
  method: `one of ${Object.keys(METHODS).join(', ')}`,
  maxord: 'maxord is an order of BDF: 1, 2, 3, 4 or 5',
  reltol: 'reltol lies between 0 and 1; the default is 1e-3',
  gmin: 'gmin is a conductance in siemens, 0 or more; the default is 0',
  itl1: 'itl1 is a whole number of iterations; the default is 100',
  itl4: 'itl4 is a whole number of iterations; the default is 10',
  stability: 'stability is true or false (1 or 0)',
};

const defaultOf = (name: string) => new Map<string, unknown>(Object.entries(DEFAULT_OPTIONS)).get(name);

function normalise(name: string, value: unknown): unknown {
  if (name === 'method' && typeof value === 'string') return value.toLowerCase();
  if (name === 'stability' && typeof value === 'number') return value !== 0;
  return value;
}
