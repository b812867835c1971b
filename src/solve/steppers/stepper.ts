// One step of a method from the history to a new time; sizes are decided by the march.
import type { System } from '../../circuit/system.js';
import type { Passage } from '../../math/passage.js';
import type { Arena } from '../../math/vectors.js';
import type { History, State } from '../history.js';
import type { Inputs } from '../inputs.js';
import type { Newton } from '../newton.js';
import type { Recorder } from '../recorder.js';
import type { Tolerances } from '../tolerances.js';
import type { Counters, Linearisation } from '../workspace.js';

/** What a stepper works with; made once per run. */
export interface StepContext {
  readonly system: System;
  readonly history: History;
  /** Memory of every vector that a kernel sees. */
  readonly arena: Arena;
  readonly inputs: Inputs;
  readonly lin: Linearisation;
  readonly newton: Newton;
  readonly tolerances: Tolerances;
  readonly counters: Counters;
  /** The allowed local error in units of the tolerances. */
  readonly trtol: number;
  /** Highest order, 1–5 (BDF). */
  readonly maxord: number;
  /** Writes accepted steps down, when they are to be differentiated. */
  readonly recorder?: Recorder;
}

export interface Stepper {
  /** After a corner: only the newest point, already consistent, is to be believed. */
  restart(): void;
  /**
   * Computes `history.next` at tEnd from the points of the history. Sources are read `left` seconds before tEnd, their
   * limit from the left. Returns the local error in units of what is allowed (accept when ≤ 1), NaN when Newton failed.
   */
  attempt(tEnd: number, left: number): number;
  /** Makes the attempt part of the history; returns the size suggested for the next step when up to hmax is useful. */
  accept(hmax: number): number;
  /** Size to try after an attempt with this error (NaN: Newton) failed for the `failures`-th time in a row. */
  reject(error: number, failures: number): number;
  /** How many of the newest points dense output over the last step goes through. */
  densePoints(): number;
  /** The history's index of the point at which the last step began. */
  meshPoint(): number;
  /** ẏ at the newest point, valid after `accept`. */
  rates(out: State): void;
  /** Hands over what the next step depends on. */
  pass(passage: Passage): void;
  /** The unknown whose error was the largest, where that is not Newton’s to say. */
  worst?(): number;
}
