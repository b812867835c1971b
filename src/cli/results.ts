// Where results go: one file, one file per analysis, or standard output; written run by run, as they come.
import { closeSync, existsSync, lstatSync, rmSync } from 'node:fs';
import { extname } from 'node:path';
import type { Dataset } from '../analysis/dataset.js';
import { type Diagnostic, InputError } from '../errors.js';
import { csvHeader, csvRows } from '../output/csv.js';
import { jsonDataset, jsonHead, jsonTail } from '../output/json.js';
import { writeRaw } from '../output/raw.js';
import { plotSvg } from '../output/svg.js';
import type { Simulation } from '../study/simulate.js';
import type { Outcome, Study } from '../study/study.js';
import { create, writeText } from './files.js';
import { operatingPointTable } from './table.js';
import { isTerminal, STDOUT, writeAll } from './terminal.js';

export type Format = 'csv' | 'raw' | 'json';

/** The format asked for, else the one the file's ending names, else CSV. */
export function chooseFormat(asked: Format | undefined, file: string | undefined): Format {
  if (asked) return asked;
  const ending = extname(file ?? '').toLowerCase();
  return ending === '.raw' ? 'raw' : ending === '.json' ? 'json' : 'csv';
}

/** @throws InputError for what can be seen to be wrong with the names of the files before there is anything to write. */
export function checkTargets(output: string | undefined, plot: string | undefined): void {
  const problems: Diagnostic[] = [];
  const wrong = (message: string, hint: string): void => {
    problems.push({ severity: 'error', code: 'file', message, hint });
  };
  for (const file of [output, plot]) {
    if (file === '') wrong('the name of a file is empty', 'give the name of a file');
    else if (file !== undefined && isFolder(file))
      wrong(`cannot write ${file}: it is a folder`, 'give the name of a file');
  }
  const ending = extname(plot ?? '').toLowerCase();
  if (ending !== '' && ending !== '.svg')
    wrong(`cannot draw ${plot}: pictures are SVG`, `name it ${plot?.slice(0, -ending.length)}.svg`);
  if (problems.length > 0) throw new InputError(problems);
}

/** Only what is a folder can be found with a slash behind its name. */
const isFolder = (path: string): boolean => existsSync(`${path}/`);

/** `out.csv` and `tran` → `out.tran.csv`. */
export function withLabel(file: string, label: string): string {
  const ending = extname(file);
  return `${file.slice(0, file.length - ending.length)}.${label}${ending}`;
}

export interface Writer {
  /** Writes what a run gave; runs come in the order of the plan. */
  add(outcome: Outcome): void;
  /** Writes what stands at the end. */
  finish(simulation: Simulation): void;
  /** Takes back what was written to files. */
  discard(): void;
  /** Names of the files written. */
  readonly files: readonly string[];
}

/** A writer to a file or, without one, to standard output. */
export function createWriter(
  format: Format,
  file: string | undefined,
  { title, plan }: Pick<Study, 'title' | 'plan'>,
): Writer {
  const files: string[] = [];
  let descriptor: number | undefined;
  const close = (): void => {
    if (descriptor !== undefined && descriptor !== STDOUT) closeSync(descriptor);
    descriptor = undefined;
  };
  const open = (name: string | undefined): void => {
    close();
    descriptor = name === undefined ? STDOUT : create(name);
    if (name !== undefined) files.push(name);
  };
  const put = (chunks: Iterable<string | Uint8Array>): void => {
    if (descriptor === undefined) open(file);
    for (const chunk of chunks) writeAll(descriptor!, chunk);
  };
  const { add, end } = { csv, raw, json }[format]();
  return {
    files,
    add(outcome) {
      for (const dataset of outcome.datasets) if (dataset.columns.length > 0) add(dataset, outcome.job);
    },
    finish(simulation) {
      end(simulation);
      close();
    },
    discard() {
      close();
      for (const name of files.splice(0))
        if (lstatSync(name, { throwIfNoEntry: false })?.isFile()) rmSync(name);
    },
  };

  interface Form {
    add(dataset: Dataset, job: number): void;
    end(simulation: Simulation): void;
  }

  function csv(): Form {
    const several = plan.filter((j) => j.saved.length > 0).length > 1;
    let present: number | undefined;
    let header = '';
    return {
      add(dataset, job) {
        if (job !== present) {
          if (file !== undefined) open(several ? withLabel(file, plan[job].label) : file);
          else if (present !== undefined) put(['\n']);
          present = job;
          header = csvHeader(dataset);
          const single = dataset.analysis === 'op' && plan[job].runs.length === 1;
          if (file === undefined && single && isTerminal(STDOUT)) return put([operatingPointTable(dataset)]);
          put([header, '\n']);
        }
        if (csvHeader(dataset) !== header)
          throw new RangeError(`runs with different columns in one table: ${header}`);
        put(csvRows(dataset));
      },
      end() {},
    };
  }

  function raw(): Form {
    return { add: (dataset) => put([writeRaw([dataset])]), end: () => put([]) };
  }

  function json(): Form {
    let separator: string | undefined;
    return {
      add(dataset) {
        put([separator ?? jsonHead(title)]);
        separator = ',';
        put(jsonDataset(dataset));
      },
      end({ measures, warnings }) {
        if (separator === undefined) put([jsonHead(title)]);
        put([
          jsonTail({
            measures: measures.map((m) => ({ ...m, value: Number.isFinite(m.value) ? m.value : null })),
            warnings: warnings.map((w) => w.message),
          }),
        ]);
      },
    };
  }
}

/** Draws the plot; returns the file's name, or none when there is nothing to draw. */
export function writePlot(simulation: Simulation, file: string): readonly string[] {
  const svg = plotSvg(
    simulation.analyses.flatMap((a) => a.fine),
    { title: simulation.title },
  );
  if (svg === undefined) return [];
  writeText(file, svg);
  return [file];
}
