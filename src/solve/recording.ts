// A march written down on a tape whose reels it can fill again: its state is kept where each of them begins.
import type { System } from '../circuit/system.js';
import { createLu } from '../math/lu.js';
import { takeBack, writeDown } from '../math/passage.js';
import { createMarch, type March, type MarchOptions } from './march.js';
import type { Interruption } from './options.js';
import type { Beginning, Sink } from './segment.js';
import { createTape, type Tape } from './tape.js';
import type { Workspace } from './workspace.js';

/**
 * The tape of a march from 0 to tstop; undefined when interrupted. What is marched for again is the same to the last bit.
 *
 * @param capacity numbers of 8 bytes that it may fill before any of it is to be marched for again
 * @throws SimulationError as `March.run`.
 */
export function recordMarch(
  system: System,
  begin: Beginning,
  options: MarchOptions,
  workspace: Workspace,
  capacity: number,
  sink: Sink,
  interruption?: Interruption,
): Tape | undefined {
  let second: March | undefined;
  const tape = createTape(system, begin, capacity, workspace.pool, {
    again(state) {
      second ??= marchAgain();
      takeBack(state, second.pass);
      second.run(() => {}, tape.isFull);
    },
    release: () => second?.release(),
  });
  const first = createMarch(system, begin, { ...options, tape }, workspace);
  let ended = false;
  while (!ended && !interruption?.aborted) {
    tape.cut(writeDown(first.pass), first.time);
    ended = first.run(sink, () => tape.isFull() || interruption?.aborted === true);
  }
  first.release();
  if (ended) return tape;
  tape.release();
  return undefined;

  /** Its factors are its own: those of whoever reads the tape meanwhile stay as they are. */
  function marchAgain(): March {
    const lu = createLu(system.pattern);
    return createMarch(system, begin, { ...options, tape }, { ...workspace, lu: () => lu });
  }
}
