// SPICE rawfile, binary: a text header, then the points one after another, each variable a little-endian double
// (two for a complex plot). Several plots follow one another in one file.
import type { Column, Dataset } from '../analysis/dataset.js';

const plotNames = {
  op: 'Operating Point',
  dc: 'DC transfer characteristic',
  ac: 'AC Analysis',
  tran: 'Transient Analysis',
} as const;

const types: Readonly<Record<Column['quantity'], string>> = {
  voltage: 'voltage',
  current: 'current',
  time: 'time',
  frequency: 'frequency',
  temperature: 'temperature',
  parameter: 'notype',
  charge: 'charge',
  flux: 'notype',
  number: 'notype',
};

/** Every dataset as one plot, in order. The bytes can be loaded by ngspice (`load file`) and other waveform viewers. */
export function writeRaw(datasets: readonly Dataset[]): Uint8Array {
  const parts = datasets.flatMap(plot);
  const bytes = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function plot(run: Dataset): readonly Uint8Array[] {
  const columns = run.axis ? [run.axis, ...run.columns] : run.columns;
  const complex = columns.some((c) => c.imaginary);
  const points = columns[0]?.values.length ?? 0;
  const step = Object.entries(run.step ?? {}).map(([k, v]) => `${k}=${v}`);
  const title = [run.title, ...step].join(' ').replace(/\s+/g, ' ').trim();
  const header = [
    `Title: ${title}`,
    `Plotname: ${plotNames[run.analysis]}`,
    `Flags: ${complex ? 'complex' : 'real'}`,
    `No. Variables: ${columns.length}`,
    `No. Points: ${points}`,
    'Variables:',
    ...columns.map((c, k) => `\t${k}\t${c.name.replace(/\s+/g, '')}\t${types[c.quantity]}`),
    'Binary:\n',
  ].join('\n');
  const width = complex ? 16 : 8;
  const body = new Uint8Array(points * columns.length * width);
  const view = new DataView(body.buffer);
  columns.forEach((c, k) => {
    const { values, imaginary } = c;
    for (let p = 0; p < points; p++) {
      const at = (p * columns.length + k) * width;
      view.setFloat64(at, values[p], true);
      if (imaginary) view.setFloat64(at + 8, imaginary[p], true);
    }
  });
  return [new TextEncoder().encode(header), body];
}

/** One plot of a rawfile. */
export interface RawPlot {
  readonly title: string;
  readonly plotName: string;
  readonly variables: readonly {
    readonly name: string;
    readonly type: string;
    readonly values: Float64Array;
    readonly imaginary?: Float64Array;
  }[];
}

/**
 * The plots of a binary rawfile.
 * @throws RangeError when the header is not a rawfile's or the file ends early.
 */
export function readRaw(bytes: Uint8Array): readonly RawPlot[] {
  const plots: RawPlot[] = [];
  let at = 0;
  while (at < bytes.length) {
    const { lines, end } = readHeader(bytes, at);
    const field = (name: string): string =>
      lines
        .find((l) => l.toLowerCase().startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim() ?? '';
    const count = Number(field('no. variables'));
    const points = Number(field('no. points'));
    const complex = /complex/.test(field('flags'));
    const width = complex ? 16 : 8;
    const start = lines.findIndex((l) => /^variables:/i.test(l)) + 1;
    if (!start || !Number.isInteger(count) || !Number.isInteger(points))
      throw new RangeError('not a rawfile');
    if (end + count * points * width > bytes.length) throw new RangeError('the rawfile ends early');
    const view = new DataView(bytes.buffer, bytes.byteOffset + end, count * points * width);
    const pick = (k: number, part: number): Float64Array =>
      Float64Array.from({ length: points }, (_, p) => view.getFloat64((p * count + k) * width + part, true));
    plots.push({
      title: field('title'),
      plotName: field('plotname'),
      variables: lines.slice(start, start + count).map((line, k) => {
        const [, name = '', type = ''] = line.trim().split(/\s+/);
        return { name, type, values: pick(k, 0), ...(complex ? { imaginary: pick(k, 8) } : {}) };
      }),
    });
    at = end + count * points * width;
  }
  return plots;
}

function readHeader(bytes: Uint8Array, from: number): { lines: string[]; end: number } {
  const lines: string[] = [];
  const decoder = new TextDecoder();
  for (let at = from; ; ) {
    const newline = bytes.indexOf(10, at);
    if (newline < 0) throw new RangeError('not a binary rawfile: no line "Binary:"');
    const line = decoder.decode(bytes.subarray(at, newline));
    at = newline + 1;
    if (/^binary:/i.test(line)) return { lines, end: at };
    lines.push(line);
  }
}
