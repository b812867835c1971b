// One chip out of many: the circuit as it was fabricated and programmed, with the leaks it has.
import type { Random } from '../../math/random.js';
import type { Workspace } from '../../solve/workspace.js';
import { augment } from '../compose/augment.js';
import type { Problem, Sample } from '../problem.js';
import { conductances } from './circumstances.js';
import { faulty } from './faults.js';
import { unilateral } from './leak.js';
import { mismatched, scattering } from './mismatch.js';
import { programmed } from './programming.js';
import type { Hardware } from './registry.js';
import { isWire, wireValues } from './wires.js';

/** Streams of one specimen: which chip it is, and what happens on it. */
export const STREAM = {
  devices: 0,
  faults: 1,
  leak: 2,
  sources: 3,
  converters: 4,
  copy: 5,
  offset: 6,
  rows: 7,
  runs: 8,
  responses: 9,
} as const;

export interface Specimen {
  /** Where its trained parameters stand. */
  readonly values: Float64Array;
  /** All other numbers of its devices that are not as designed. */
  readonly moved: ReadonlyMap<string, number>;
  sample(row: number): Sample;
  /** The same row on its second copy. */
  copy(row: number): Sample;
}

/** @param problem with wires in the circuit when `hardware.wire` is not 0 */
export function fabricate(
  problem: Problem,
  hardware: Hardware,
  random: Random,
  workspace: Workspace,
): Specimen {
  const { parameters } = problem;
  const trained = new Set(parameters.map((p) => p.name));
  const set = programmed(problem.values, hardware.granularity);
  const asked = faulty(parameters, set, hardware.stuck, hardware.dead, random.split(STREAM.faults));
  const { sources } = problem.sample(problem.values, 0).system;
  const rest = new Map(
    [...scattering(problem.physical, sources)].filter(([name]) => !trained.has(name) && !isWire(name)),
  );
  const wires = hardware.wire > 0 ? wireValues(problem.physical, hardware.wire) : new Map<string, number>();

  /** Another chip of the same design: values and the rest, scattered anew. */
  const scattered = (
    values: Float64Array,
    others: ReadonlyMap<string, number>,
    sigma: number,
    stream: Random,
  ) => {
    const all = new Map([...parameters.map((p, k) => [p.name, values[k]] as const), ...others]);
    const moved = mismatched(all, sigma, stream);
    return {
      values: values.map((_, k) => moved.get(parameters[k].name)!),
      others: new Map([...others.keys()].map((name) => [name, moved.get(name)!])),
    };
  };
  const first = scattered(asked, rest, hardware.mismatch, random.split(STREAM.devices));
  const second = scattered(first.values, first.others, hardware.copymismatch, random.split(STREAM.copy));
  const made = (chip: typeof first, changed: boolean) => {
    const moved = new Map([...(changed ? chip.others : []), ...wires]);
    const at = (values: Float64Array, row: number): Sample =>
      leaking(problem.sample(values, row, moved.size > 0 ? moved : undefined));
    return { moved, at };
  };
  const leaking = (sample: Sample): Sample => {
    if (hardware.leak === 0) return sample;
    const G = conductances(problem, sample, workspace);
    const system = augment(
      sample.system,
      unilateral(sample.system, G, hardware.leak, random.split(STREAM.leak)),
    );
    return { ...sample, system, at: (values) => leaking(sample.at(values)) };
  };
  const original = made(first, hardware.mismatch > 0);
  const twin = made(second, hardware.mismatch > 0 || hardware.copymismatch > 0);
  return {
    values: first.values,
    moved: original.moved,
    sample: (row) => original.at(first.values, row),
    copy: (row) => twin.at(second.values, row),
  };
}
