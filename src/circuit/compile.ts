// Circuit → Compiled: structure once (templates, layout, pattern, generated loops); numbers with every binding.

import { type Diagnostic, InputError } from '../errors.js';
import { bind } from './bind.js';
import type { Circuit } from './circuit.js';
import { makeProbe } from './probe.js';
import { evidentlySound } from './soundness.js';
import { makeStructure, type Structure, sameVariants } from './structure.js';
import type { Probe, System } from './system.js';
import { checkTopology } from './topology.js';
import type { Binding } from './values.js';

export type { Binding } from './values.js';

/** A circuit ready to be given numbers; immutable, shared by every run. */
export interface Compiled {
  readonly circuit: Circuit;
  readonly warnings: readonly Diagnostic[];
  /**
   * Numbers bound to the structure. All bindings share pattern and code, unless a number changes the structure
   * itself (a series resistance that becomes zero): then that binding has a structure of its own.
   * @throws InputError when a value is out of its documented bounds.
   */
  bind(binding?: Binding): System;
  /**
   * A base signal: `v(node)`, `i(element)`, or `unknown(element)` such as `w(n1)`; undefined when there is none.
   */
  probe(system: System, name: string): Probe | undefined;
  /** Every node voltage in deck order, then source and inductor currents. */
  readonly baseSignals: readonly string[];
}

export interface CompileOptions {
  /** Numbers that decide the structure (a series resistance of zero has no inner node). */
  readonly binding?: Binding;
  /** How the run starts; `uic` allows nodes that only capacitors hold. */
  readonly start?: 'dc' | 'uic';
}

/** @throws InputError with every error of the circuit at once: parameters, names, topology. */
export function compile(circuit: Circuit, options: CompileOptions = {}): Compiled {
  const binding = options.binding ?? {};
  const structure = makeStructure(circuit, binding);
  const home = new WeakMap<System, Structure>();
  const problems = evidentlySound(structure) ? [] : checkTopology(circuit, { start: options.start ?? 'dc' });
  const errors = problems.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new InputError(errors);
  const bound = (b: Binding = {}): System => {
    const own = sameVariants(structure, b) ? structure : makeStructure(circuit, b);
    const system = bind(own, b);
    home.set(system, own);
    return system;
  };
  return {
    circuit,
    warnings: problems,
    bind: bound,
    probe: (system, name) => makeProbe(home.get(system) ?? structure, system, name),
    get baseSignals() {
      return baseSignals(structure);
    },
  };
}

function baseSignals({ instances }: Structure): string[] {
  const nodes = new Set<string>();
  for (const { element } of instances) for (const node of element.nodes) if (node !== '0') nodes.add(node);
  const currents = instances
    .filter(({ template }) => template.unknowns.some(([unknown]) => unknown === 'i'))
    .map(({ element }) => `i(${element.name})`);
  return [...[...nodes].map((node) => `v(${node})`), ...currents];
}
