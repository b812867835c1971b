// What every analysis is given besides a system, and how points are read by probes.
import type { Point, Probe, System } from '../circuit/system.js';
import type { Diagnostic } from '../errors.js';
import { createState, type State } from '../solve/history.js';
import type { Interruption } from '../solve/options.js';
import { createWorkspace, type Workspace } from '../solve/workspace.js';
import type { Column, Dataset } from './dataset.js';

/** What the caller may want to hear and share; all optional. */
export interface Hooks {
  readonly title?: string;
  /** Factorisations shared between runs over one compiled circuit. */
  readonly workspace?: Workspace;
  /** Stops the run between two points; the dataset then says `complete: false`. */
  readonly signal?: Interruption;
  /** Share done, 0 … 1, at every accepted point: throttle it yourself. */
  progress?(share: number): void;
  /** Hears what is doubtful about a result that there is. */
  warn?(warning: Diagnostic): void;
  /** What was computed before a failure, handed over just before the error is thrown. */
  partial?(dataset: Dataset): void;
  /** Transient: the same run on a finer grid, from dense output, for measures and pictures; just before the result. */
  fine?(dataset: Dataset): void;
  /** Milliseconds; when given, `seconds` of each phase appear in the statistics. */
  clock?(): number;
  readonly step?: Readonly<Record<string, number>>;
}

export const workspaceOf = (hooks: Hooks | undefined): Workspace => hooks?.workspace ?? createWorkspace();

const UNITS: Record<Column['quantity'], string> = {
  voltage: 'V',
  current: 'A',
  charge: 'C',
  flux: 'Wb',
  number: '',
  time: 's',
  frequency: 'Hz',
  temperature: '°C',
  parameter: '',
};

export function column(
  name: string,
  quantity: Column['quantity'],
  values: Float64Array,
  imaginary?: Float64Array,
): Column {
  return { name, quantity, unit: UNITS[quantity], values, ...(imaginary ? { imaginary } : {}) };
}

export interface Reader {
  readonly state: State;
  readonly rates: State;
  readonly needsRates: boolean;
  /** Reads all probes at (t, state, rates) into out[offset…]. */
  read(t: number, state: State, rates: State, out: Float64Array, offset: number): void;
}

/** Reads probes at points; computes rates and rows of known nodes only when some probe needs them. */
export function createReader(system: System, probes: readonly Probe[]): Reader {
  const needsRows = probes.some((p) => p.needs === 'rows');
  const needsRates = needsRows || probes.some((p) => p.needs === 'rates');
  const f = new Float64Array(system.size);
  const q = new Float64Array(system.charges);
  const point: { -readonly [K in keyof Point]: Point[K] } = {
    t: 0,
    x: f,
    q,
    xdot: f,
    qdot: q,
    f,
  };
  return {
    state: createState(system.size, system.charges),
    rates: createState(system.size, system.charges),
    needsRates,
    read(t, state, rates, out, offset) {
      point.t = t;
      point.x = state.x;
      point.q = state.q;
      point.xdot = rates.x;
      point.qdot = rates.q;
      if (needsRows) {
        system.evaluate(state.x, t, f, q);
        system.addRates(rates.x, rates.q, f);
        system.evaluateKnownRows(state.x, t, rates.x, rates.q, f);
      }
      for (let k = 0; k < probes.length; k++) out[offset + k] = probes[k].read(point);
    },
  };
}
