// Where the time of a simulation goes: at every moment exactly one phase is running, so the shares add up to the whole.
import type { System } from '../circuit/system.js';
import type { Workspace } from '../solve/workspace.js';

/** `control` is what is left of an analysis: prediction, error test, the bookkeeping of Newton, recording. */
export const PHASES = ['parse', 'compile', 'devices', 'factor', 'solve', 'control', 'output'] as const;
export type Phase = (typeof PHASES)[number];

/** Milliseconds by phase. */
export type Spent = Readonly<Record<Phase, number>>;

export interface Profile {
  /** Does the work; its time, but for the phases entered inside, belongs to this phase. */
  within<T>(phase: Phase, work: () => T): T;
  /** The same system, its evaluations timed. */
  system(system: System): System;
  /** The same workspace, its factorisations and solutions timed. */
  workspace(workspace: Workspace): Workspace;
  /** Adds what another thread spent. */
  add(spent: Spent): void;
  readonly spent: Spent;
  /** How many threads were added. */
  readonly others: number;
}

/** Measures nothing and costs nothing. */
export const NO_PROFILE: Omit<Profile, 'add' | 'spent' | 'others'> = {
  within: (_, work) => work(),
  system: (system) => system,
  workspace: (workspace) => workspace,
};

const DEVICES = /^(evaluate|add)/;

const phaseOfLu = (name: string): Phase | undefined =>
  /^(re)?factor/.test(name) ? 'factor' : name.startsWith('solve') ? 'solve' : undefined;

const phaseOfSystem = (name: string): Phase | undefined => (DEVICES.test(name) ? 'devices' : undefined);

/** @param clock milliseconds */
export function createProfile(clock: () => number): Profile {
  const spent: Record<Phase, number> = {
    parse: 0,
    compile: 0,
    devices: 0,
    factor: 0,
    solve: 0,
    control: 0,
    output: 0,
  };
  let present: Phase | undefined;
  let since = 0;
  let others = 0;

  /** Returns the phase that was left. */
  const enter = (phase: Phase | undefined): Phase | undefined => {
    const now = clock();
    if (present) spent[present] += now - since;
    since = now;
    const left = present;
    present = phase;
    return left;
  };
  const within = <T>(phase: Phase, work: () => T): T => {
    const outer = enter(phase);
    try {
      return work();
    } finally {
      enter(outer);
    }
  };

  /** The function, timed; it takes at most as many arguments as the longest evaluation. */
  const around =
    (phase: Phase, f: (...args: unknown[]) => unknown) =>
    (a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, g: unknown, h: unknown): unknown => {
      const outer = enter(phase);
      const result = f(a, b, c, d, e, g, h);
      enter(outer);
      return result;
    };

  /** An object that inherits everything and times the functions that belong to a phase. */
  const timed = <T extends object>(original: T, phaseOf: (name: string) => Phase | undefined): T => {
    const copy: T = Object.create(original);
    for (const [name, member] of Object.entries(original)) {
      const phase = phaseOf(name);
      if (!phase || typeof member !== 'function') continue;
      Object.defineProperty(copy, name, { value: around(phase, member) });
    }
    return copy;
  };

  return {
    within,
    system: (system) => timed(system, phaseOfSystem),
    workspace: (workspace) => ({
      lu: (pattern) => timed(workspace.lu(pattern), phaseOfLu),
      complexLu: (pattern) => timed(workspace.complexLu(pattern), phaseOfLu),
      pool: workspace.pool,
      renew: workspace.renew,
    }),
    add(more) {
      others++;
      for (const phase of PHASES) spent[phase] += more[phase];
    },
    spent,
    get others() {
      return others;
    },
  };
}
