// Numbers in columns.

/** Aligns cells: words to the left, everything from the second column on to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, c) => Math.max(...all.map((row) => (row[c] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((text, c) => (c === 0 ? text.padEnd(widths[c]) : text.padStart(widths[c])))
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((w) => '-'.repeat(w)).join('  '), ...rows.map(line)].join('\n');
}

/** Three significant digits; nothing for what is not known. */
export const short = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value)
    ? ''
    : value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)
      ? value.toExponential(1)
      : String(Number(value.toPrecision(3)));

export const count = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '' : String(value);

export const megabytes = (bytes: number): string => (bytes > 0 ? (bytes / 2 ** 20).toFixed(0) : '');
