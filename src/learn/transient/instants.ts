// Switches flip at instants that follow from the state and so from the parameters: which of these instants a gradient
// leaves as they are, with the grid.
import type { System } from '../../circuit/system.js';
import type { Tape } from '../../solve/tape.js';
import type { Validity } from '../estimate.js';
import type { Sample } from '../problem.js';

/** Elements that flip along a tape at instants which what is trained may move, each once, in order; nothing without them. */
export function frozenInstants(sample: Sample, tape: Tape): Pick<Validity, 'frozenInstants'> {
  const elements = flipping(sample, tape);
  return elements.length > 0 ? { frozenInstants: elements } : {};
}

function flipping({ system, sensitivity }: Sample, { crossings }: Tape): readonly string[] {
  if (crossings.length === 0) return [];
  const moved = new Set(sensitivity.reach().flatMap(({ inputs }) => inputs));
  const flipped = new Set(crossings.map(({ mode }) => mode));
  const free = [...flipped].filter((k) => isFree(system, k, moved));
  return [...new Set(free.map((k) => system.modes[k].element))];
}

/** Whether the signal of a mode reads an unknown or an input that moves. */
function isFree({ n, modes }: System, mode: number, moved: ReadonlySet<number>): boolean {
  return modes[mode].signal.index.some((i) => i < n || moved.has(i));
}
