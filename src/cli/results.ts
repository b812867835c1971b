// Where results go: one file, one file per analysis, or standard output.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { isatty } from 'node:tty';
import { csvChunks } from '../output/csv.js';
import { toJson } from '../output/json.js';
import { writeRaw } from '../output/raw.js';
import { plotSvg } from '../output/svg.js';
import type { AnalysisRuns, Simulation } from '../simulate.js';
import { operatingPointTable } from './table.js';
import { out, writeAll } from './terminal.js';

export type Format = 'csv' | 'raw' | 'json';

/** The format asked for, else the one the file's ending names, else CSV. */
export function chooseFormat(asked: Format | undefined, file: string | undefined): Format {
  if (asked) return asked;
  const ending = extname(file ?? '').toLowerCase();
  return ending === '.raw' ? 'raw' : ending === '.json' ? 'json' : 'csv';
}

/** `out.csv` and `tran` → `out.tran.csv`. */
export function withLabel(file: string, label: string): string {
  const ending = extname(file);
  return `${file.slice(0, file.length - ending.length)}.${label}${ending}`;
}

/** Writes everything and returns the names of the files written. */
export function writeResults(simulation: Simulation, format: Format, file: string | undefined): string[] {
  const filled = simulation.analyses.filter((a) => a.runs.some((r) => r.columns.length > 0));
  if (format === 'raw') return put(file, [writeRaw(filled.flatMap((a) => a.runs))]);
  if (format === 'json') return put(file, [toJson(jsonOf(simulation))]);
  if (file !== undefined) {
    return filled.flatMap((a) => put(filled.length > 1 ? withLabel(file, a.label) : file, csvChunks(a.runs)));
  }
  filled.forEach((a, k) => {
    if (k > 0) out('\n');
    for (const chunk of onScreen(a)) out(chunk);
  });
  return [];
}

/** Draws the plot; returns the file's name, or none when there is nothing to draw. */
export function writePlot(simulation: Simulation, file: string): readonly string[] {
  const svg = plotSvg(
    simulation.analyses.flatMap((a) => a.fine),
    { title: simulation.title },
  );
  return svg === undefined ? [] : put(file, [svg]);
}

function onScreen(a: AnalysisRuns): Iterable<string> {
  const single = a.runs.length === 1 && a.runs[0].analysis === 'op';
  return single && isatty(1) ? [operatingPointTable(a.runs[0])] : csvChunks(a.runs);
}

/** Writes to a file, making its folder, or to standard output; returns the names of the files written. */
function put(file: string | undefined, chunks: Iterable<string | Uint8Array>): string[] {
  if (file === undefined) {
    for (const chunk of chunks) out(chunk);
    return [];
  }
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, 'w');
  try {
    for (const chunk of chunks) writeAll(descriptor, chunk);
  } finally {
    closeSync(descriptor);
  }
  return [file];
}

function jsonOf({ title, analyses, measures, warnings }: Simulation): Parameters<typeof toJson>[0] {
  return {
    title,
    datasets: analyses.flatMap((a) => a.runs),
    measures: measures.map((m) => ({ ...m, value: Number.isFinite(m.value) ? m.value : null })),
    warnings: warnings.map((w) => w.message),
  };
}
