// Circuit → Compiled: structure once (templates, layout, pattern, generated loops); numbers with every binding.

import { type Diagnostic, InputError } from '../errors.js';
import { symbol } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { checkOverrides } from './address.js';
import { bind, type Numbered, numbersOf } from './bind.js';
import type { Circuit } from './circuit.js';
import { faultsOf } from './faults.js';
import { makeFunctional } from './functional.js';
import { type CircuitParameter, listParameters } from './parameters.js';
import { makeProbe } from './probe.js';
import { evidentlySound } from './soundness.js';
import { makeStructure, type Structure, sameVariants } from './structure.js';
import type { Functional, Moving, Probe, System } from './system.js';
import { checkTopology } from './topology.js';
import { type Binding, grouped } from './values.js';

export type { CircuitParameter } from './parameters.js';
export type { Binding } from './values.js';

/** A circuit ready to be given numbers; immutable, shared by every run. */
export interface Compiled {
  readonly circuit: Circuit;
  readonly warnings: readonly Diagnostic[];
  /**
   * Numbers bound to the structure. All bindings share pattern and code, unless a number changes the structure
   * itself (a series resistance that becomes zero): then that binding has a structure of its own.
   * Overrides may leave the documented bounds of what is written on cards, as differences about a bound do.
   * @throws InputError when an override is no number or names no number of the circuit
   */
  bind(binding?: Binding): System;
  /** An error for every number of a binding that a card could not say either; `bind` takes them all the same. */
  faults(binding: Binding): readonly Diagnostic[];
  /**
   * A base signal: `v(node)`, `i(element)`, or `unknown(element)` such as `w(n1)`, in any case; undefined when there is
   * none.
   */
  probe(system: System, name: string): Probe | undefined;
  /**
   * A scalar c(x, p, t) over `v(node)`, `i(element)`, `unknown(element)`, `time` and global parameters, with its exact
   * gradient and Hessian; compiled once for all expressions of one form. i(element) of an element without a current
   * unknown is the static part of its law (`Functional.leavesOut` names those that also store charge).
   * @param system one that `bind` of this circuit gave; global parameters have the values of its binding
   * @throws InputError for a name that means nothing here, for the current of a capacitor, and for that of a source
   *   that is no unknown because the circuit was compiled without it in `keep`
   */
  functional(system: System, expression: Expr): Functional;
  /**
   * A base signal, as `probe` has it, with what its charges add while they move.
   * @throws as `functional`, but for the currents of capacitors
   */
  moving(system: System, name: string): Moving;
  /** Every number of every element that has a value, in the order of the elements. */
  parameters(binding?: Binding): readonly CircuitParameter[];
  /** Every node voltage in deck order, then source and inductor currents. */
  readonly baseSignals: readonly string[];
}

/** What of a run decides the structure of its equations. */
export interface CompileOptions {
  /** Numbers that decide the structure (a series resistance of zero has no inner node). */
  readonly binding?: Binding;
  /** How the run starts; `uic` allows nodes that only capacitors hold. */
  readonly start?: 'dc' | 'uic';
  /** Voltage sources whose current must be an unknown although they tie a node to ground, by name. */
  readonly keep?: readonly string[];
}

/** @throws InputError with every error of the circuit at once: parameters, names, topology. */
export function compile(circuit: Circuit, options: CompileOptions = {}): Compiled {
  const binding = options.binding ?? {};
  const keep = options.keep ?? [];
  const structure = makeStructure(circuit, binding, keep);
  const problems = evidentlySound(structure) ? [] : checkTopology(circuit, { start: options.start ?? 'dc' });
  const errors = problems.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new InputError(errors);
  const bound = (given: Binding = {}): System => {
    const b = grouped(given);
    checkOverrides(structure, b);
    const own = sameVariants(structure, b) ? structure : makeStructure(circuit, b, keep);
    return bind(own, b);
  };
  const numbersIn = (system: System): Numbered => {
    const numbers = numbersOf(system);
    if (numbers?.structure.circuit === circuit) return numbers;
    throw new Error('a functional belongs to a system that bind() of the same circuit gave');
  };
  return {
    circuit,
    warnings: problems,
    bind: bound,
    faults: (b) => faultsOf(structure, b),
    functional: (system, expression) => makeFunctional(numbersIn(system), expression),
    moving(system, name) {
      const numbers = numbersIn(system);
      const signal = symbol(name);
      return {
        still: makeFunctional(numbers, signal, 'still'),
        stored: makeFunctional(numbers, signal, 'stored'),
      };
    },
    parameters: (b = {}) => listParameters(structure, b),
    probe: (system, name) => makeProbe(numbersOf(system)?.structure ?? structure, system, name.toLowerCase()),
    get baseSignals() {
      return baseSignals(structure);
    },
  };
}

function baseSignals({ circuit, species, wiring }: Structure): string[] {
  const currents = circuit.elements
    .filter((_, e) => species[e].template.unknowns.some(([unknown]) => unknown === 'i'))
    .map(({ name }) => `i(${name})`);
  return [...wiring.nodes.map((node) => `v(${node})`), ...currents];
}
