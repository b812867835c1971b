// A run as JSON: datasets by column, measures and warnings. Numbers that JSON lacks (NaN, ±∞) are written as null.
import * as z from 'zod/mini';
import type { Column, Dataset } from '../analysis/dataset.js';

/** The schema of what `tellegen run --format json` writes; made when something is read. */
const resultSchema = () => {
  const numbers = z.pipe(
    z.array(z.nullable(z.number())),
    z.transform((list) => Float64Array.from(list, (v) => v ?? Number.NaN)),
  );
  const column = z.object({
    name: z.string(),
    quantity: z.enum([
      'voltage',
      'current',
      'flux',
      'charge',
      'number',
      'time',
      'frequency',
      'temperature',
      'parameter',
    ]),
    unit: z.string(),
    values: numbers,
    imaginary: z.optional(numbers),
  });
  const dataset = z.object({
    analysis: z.enum(['op', 'dc', 'ac', 'tran']),
    title: z.string(),
    axis: z.optional(column),
    columns: z.array(column),
    step: z.optional(z.record(z.string(), z.number())),
    statistics: z.record(z.string(), z.union([z.number(), z.string()])),
    complete: z.boolean(),
  });

  return z.object({
    title: z.string(),
    datasets: z.array(dataset),
    measures: z.array(
      z.object({
        name: z.string(),
        analysis: z.string(),
        value: z.nullable(z.number()),
        step: z.optional(z.record(z.string(), z.number())),
        reason: z.optional(z.string()),
      }),
    ),
    warnings: z.array(z.string()),
  });
};

/** A whole run: what the JSON file holds. `value` of a measure is null when it was not found. */
export type Result = {
  readonly title: string;
  readonly datasets: readonly Dataset[];
  readonly measures: readonly {
    readonly name: string;
    readonly analysis: string;
    readonly value: number | null;
    readonly step?: Readonly<Record<string, number>>;
    readonly reason?: string;
  }[];
  readonly warnings: readonly string[];
};

const VALUES_PER_CHUNK = 8192;

/** What stands before the datasets; they follow, separated by commas. */
export const jsonHead = (title: string): string => `{"title":${JSON.stringify(title)},"datasets":[`;

/** What stands after the datasets. */
export const jsonTail = (rest: Pick<Result, 'measures' | 'warnings'>): string =>
  `],"measures":${JSON.stringify(rest.measures)},"warnings":${JSON.stringify(rest.warnings)}}\n`;

/** A dataset in chunks of text. */
export function* jsonDataset({ axis, columns, ...rest }: Dataset): Generator<string> {
  const { analysis, title, ...after } = rest;
  yield `{"analysis":${JSON.stringify(analysis)},"title":${JSON.stringify(title)}`;
  if (axis) {
    yield ',"axis":';
    yield* jsonColumn(axis);
  }
  yield ',"columns":[';
  for (const [k, c] of columns.entries()) {
    if (k > 0) yield ',';
    yield* jsonColumn(c);
  }
  yield `],${JSON.stringify(after).slice(1)}`;
}

function* jsonColumn({ values, imaginary, ...names }: Column): Generator<string> {
  yield `${JSON.stringify(names).slice(0, -1)},"values":[`;
  yield* jsonNumbers(values);
  if (imaginary) {
    yield '],"imaginary":[';
    yield* jsonNumbers(imaginary);
  }
  yield ']}';
}

function* jsonNumbers(values: Float64Array): Generator<string> {
  for (let from = 0; from < values.length; from += VALUES_PER_CHUNK) {
    const text = JSON.stringify(Array.from(values.subarray(from, from + VALUES_PER_CHUNK)));
    yield from > 0 ? `,${text.slice(1, -1)}` : text.slice(1, -1);
  }
}

/** What becomes JSON: a `Simulation`, or what was read. */
type Writable = Omit<Result, 'warnings'> & {
  readonly warnings: readonly (string | { readonly message: string })[];
};

/** A run as JSON text; typed arrays become plain arrays, and of warnings the messages are kept. */
export const toJson = ({ title, datasets, measures, warnings }: Writable): string =>
  [
    jsonHead(title),
    ...datasets.flatMap((d, k) => [k > 0 ? ',' : '', ...jsonDataset(d)]),
    jsonTail({ measures, warnings: warnings.map((w) => (typeof w === 'string' ? w : w.message)) }),
  ].join('');

/**
 * The inverse of `toJson`.
 * @throws Error naming the path of the first thing that is not as the schema says.
 */
export const readJson = (text: string): Result => resultSchema().parse(JSON.parse(text)) as Result;
