// A dot command as data: its names, when it is read, and how.
import type { Cursor } from '../cursor.js';
import type { Session } from '../session.js';

export interface Command {
  /** Without the dot. */
  readonly names: readonly string[];
  /** `now`: as its line is met; `later`: once the circuit is known, with names and parameters to look up. */
  readonly when: 'now' | 'later';
  /** Whether it may stand inside a .subckt: read there and then (`yes`), or once for every expansion (`expanded`). */
  readonly local?: 'yes' | 'expanded';
  /** The cursor stands behind the command's name; every word is to be consumed or complained about. */
  read(session: Session, cursor: Cursor, name: string): void;
}
