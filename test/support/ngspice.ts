// ngspice 45.2, compiled to WebAssembly, as an independent judge: a deck in, columns of numbers out.
import { type ResultType, Simulation } from 'eecircuit-engine';

export interface NgspiceRun {
  /** Lower-case name (`time`, `v(out)`, `i(v1)`) → values; the real parts when the analysis is AC. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** AC only: imaginary parts, same names. */
  readonly imaginary: ReadonlyMap<string, Float64Array>;
}

let engine: Promise<Simulation> | undefined;

async function started(): Promise<Simulation> {
  const simulation = new Simulation();
  await simulation.start();
  return simulation;
}

/**
 * Runs a deck that holds exactly one analysis (of several, ngspice would return the last only).
 * A deck that ngspice refuses resolves there with the table of physical constants, and one that stops half-way
 * with half the points; both throw here.
 */
export async function ngspice(deck: string): Promise<NgspiceRun> {
  engine ??= started();
  const simulation = await engine;
  const silenced = console.error;
  console.error = () => {};
  let result: ResultType;
  try {
    simulation.setNetList(deck);
    result = await simulation.runSim();
  } finally {
    console.error = silenced;
  }
  const complaints = simulation.getError().filter((line) => line.trim() !== '');
  if (
    result.data.length === 0 ||
    /Plotname: constants/i.test(result.header) ||
    /aborted|too small|singular matrix$/im.test(complaints.join('\n'))
  ) {
    throw new Error(`ngspice did not run the deck:\n${complaints.join('\n')}\n${deck}`);
  }
  const columns = new Map<string, Float64Array>();
  const imaginary = new Map<string, Float64Array>();
  for (const column of result.dataType === 'real' ? result.data : []) {
    columns.set(column.name.toLowerCase(), Float64Array.from(column.values));
  }
  for (const column of result.dataType === 'complex' ? result.data : []) {
    columns.set(
      column.name.toLowerCase(),
      Float64Array.from(column.values, (z) => z.real),
    );
    imaginary.set(
      column.name.toLowerCase(),
      Float64Array.from(column.values, (z) => z.img),
    );
  }
  return { columns, imaginary };
}

/** Straight-line interpolation of samples (x ascending) at `at`. */
export function interpolate(x: Float64Array, y: Float64Array, at: number): number {
  let low = 0;
  let high = x.length - 1;
  if (at <= x[low]) return y[low];
  if (at >= x[high]) return y[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  return y[low] + ((y[high] - y[low]) * (at - x[low])) / (x[high] - x[low]);
}
