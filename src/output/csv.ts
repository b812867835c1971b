// A dataset as comma-separated text: one row per point, every number in its shortest form that reads back exactly.
import type { Column, Dataset } from '../analysis/dataset.js';

const CELLS_PER_CHUNK = 2048;

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

/**
 * The lines of one run in chunks of text; the values of its step stand first in each. JSON writes a list of numbers as
 * they are wanted here, at half the cost of one text per number; an empty text in the list marks the end of a line.
 */
export function* csvRows(run: Dataset): Generator<string> {
  const lead = Object.values(run.step ?? {});
  const series = [...(run.axis ? [run.axis] : []), ...run.columns].flatMap((c) =>
    c.imaginary ? [c.values, c.imaginary] : [c.values],
  );
  const points = series[0]?.length ?? 0;
  const rows = Math.max(1, Math.floor(CELLS_PER_CHUNK / (lead.length + series.length)));
  for (let from = 0; from < points; from += rows) {
    const to = Math.min(points, from + rows);
    const cells: (number | string)[] = [];
    let gaps = false;
    const add = (value: number): void => {
      const finite = Number.isFinite(value);
      gaps ||= !finite;
      cells.push(finite ? value : String(value));
    };
    for (let k = from; k < to; k++) {
      if (k > from) cells.push('');
      for (const value of lead) add(value);
      for (let c = 0; c < series.length; c++) add(series[c][k]);
    }
    const text = JSON.stringify(cells).slice(1, -1).replaceAll(',"",', '\n');
    yield `${gaps ? text.replaceAll('"', '') : text}\n`;
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
