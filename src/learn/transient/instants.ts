// Switches flip at instants that follow from the state and so from the parameters: which of these instants may move, and
// which a gradient leaves as they are, with the grid.
import { canMove } from '../../solve/grid.js';
import type { Tape } from '../../solve/tape.js';
import type { Validity } from '../estimate.js';
import type { Sample } from '../problem.js';

/** Whether the signal of a mode reads an unknown, or an input that a parameter moves. */
export function freeModes({ system, sensitivity }: Sample): (mode: number) => boolean {
  const { n, modes } = system;
  let moved: ReadonlySet<number> | undefined;
  return (mode) => {
    moved ??= new Set(sensitivity.reach().flatMap(({ inputs }) => inputs));
    const of = moved;
    return modes[mode].signal.index.some((i) => i < n || of.has(i));
  };
}

/** Elements that flip at instants which may move and are not followed, each once, in order; nothing without them. */
export function frozenInstants(sample: Sample, { crossings }: Tape): Pick<Validity, 'frozenInstants'> {
  const { system } = sample;
  if (crossings.length === 0 || canMove(system)) return {};
  const free = crossings.map(({ mode }) => mode).filter(freeModes(sample));
  const elements = new Set(free.map((k) => system.modes[k].element));
  return elements.size > 0 ? { frozenInstants: [...elements] } : {};
}
