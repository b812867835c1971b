// Tables for people: aligned columns of text.
import type { Dataset } from '../analysis/dataset.js';
import { siNumber } from '../output/scale.js';

/** Rows of cells as lines, each column as wide as its widest cell; the last column is not padded. */
export function align(rows: readonly (readonly string[])[], gap = 2): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, k) => {
      widths[k] = Math.max(widths[k] ?? 0, cell.length);
    });
  }
  return rows
    .map(
      (row) =>
        `${row.map((cell, k) => (k < row.length - 1 ? cell.padEnd(widths[k] + gap) : cell)).join('')}\n`,
    )
    .join('');
}

/** Name and value with unit, one signal per line. */
export const operatingPointTable = (run: Dataset): string =>
  align(run.columns.map((c) => [c.name, withUnit(c.values[0], c.unit)]));

/** `1.234567 mA`, in at most `digits` significant digits. */
export function withUnit(value: number, unit: string, digits = 7): string {
  const text = siNumber(value, digits);
  if (!unit) return text.replace(' ', '');
  return text.includes(' ') ? `${text}${unit}` : `${text} ${unit}`;
}
