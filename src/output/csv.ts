// A dataset as comma-separated text: one row per point, every number in its shortest form that reads back exactly.
import type { Column, Dataset } from '../analysis/dataset.js';

const ROWS_PER_CHUNK = 4096;

/** A name as a CSV field: quoted when it holds a comma, a quote or a line break. */
export const csvField = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;

/** Names of the two real columns of a complex one: `v(out)` → `vr(out)`, `vi(out)`; other expressions → `re(…)`, `im(…)`. */
export function partNames(name: string): readonly [string, string] {
  const simple = /^([viw])\(([^()]*)\)$/.exec(name);
  return simple
    ? [`${simple[1]}r(${simple[2]})`, `${simple[1]}i(${simple[2]})`]
    : [`re(${name})`, `im(${name})`];
}

/** Header fields of one column: one for a real column, two for a complex one. */
export const csvNames = (c: Column): readonly string[] => (c.imaginary ? partNames(c.name) : [c.name]);

/** The first line of a table, without its line break. */
export const csvHeader = (run: Dataset): string =>
  [...Object.keys(run.step ?? {}), ...(run.axis ? [run.axis.name] : []), ...run.columns.flatMap(csvNames)]
    .map(csvField)
    .join(',');

/** The lines of one run in chunks of text; the values of its step stand first in each. */
export function* csvRows(run: Dataset): Generator<string> {
  const lead = Object.values(run.step ?? {})
    .map((v) => `${v},`)
    .join('');
  const series = [...(run.axis ? [run.axis] : []), ...run.columns].flatMap((c) =>
    c.imaginary ? [c.values, c.imaginary] : [c.values],
  );
  const points = series[0]?.length ?? 0;
  for (let from = 0; from < points; from += ROWS_PER_CHUNK) {
    const to = Math.min(points, from + ROWS_PER_CHUNK);
    let text = '';
    for (let k = from; k < to; k++) {
      text += lead + series[0][k];
      for (let c = 1; c < series.length; c++) text += `,${series[c][k]}`;
      text += '\n';
    }
    yield text;
  }
}

/**
 * The table as one string: a header, then one line per point. An operating point has one line. Several runs of one
 * analysis (`.step`) share a header: the step variables become the first columns.
 * @throws RangeError when the runs do not have the same columns.
 */
export function toCsv(runs: readonly Dataset[]): string {
  const [first] = runs;
  if (!first) return '';
  const header = csvHeader(first);
  const chunks = [`${header}\n`];
  for (const run of runs) {
    if (csvHeader(run) !== header)
      throw new RangeError(`runs with different columns in one table: ${header}`);
    chunks.push(...csvRows(run));
  }
  return chunks.join('');
}
