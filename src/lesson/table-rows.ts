// The rows of a table: what each binds, and whether they all can share one bound circuit.
import type { Circuit, Element, Value } from '../circuit/circuit.js';
import type { Binding } from '../circuit/compile.js';
import type { Source, System } from '../circuit/system.js';
import { type Globals, globals, number } from '../circuit/values.js';
import { constant } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { mentions } from '../expression/split.js';
import { substituter } from '../expression/substitute.js';
import type { SweepVariable } from '../netlist/deck.js';
import { assign } from '../study/sweep.js';

/** What a column of the table sets; a `name` is no number of the circuit: only costs speak of it. */
export type Column = SweepVariable | { readonly kind: 'name'; readonly name: string };

export interface Row {
  readonly binding: Binding;
  /** Values of global parameters and columns. */
  readonly lookup: Globals;
  /** An expression with the columns' values in place of their names. */
  place(e: Expr): Expr;
  /** A system bound to another row with the sources of this one. */
  driven(system: System): System;
}

export interface TableRows {
  /** Rows differ in nothing but DC values of sources and names that only costs speak of. */
  readonly shared: boolean;
  row(k: number): Row;
}

/**
 * @param circuit whose global parameters include the columns that are names
 * @param base what every row binds besides
 */
export function tableRows(
  circuit: Circuit,
  columns: readonly Column[],
  rows: readonly (readonly Value[])[],
  base: Binding,
): TableRows {
  const own = new Set(columns.flatMap((c) => (c.kind === 'name' || c.kind === 'parameter' ? [] : [c.name])));
  const isColumn = mentions((name) => columns.some((column) => column.name === name));
  const decided = (name: string): boolean => base.values?.has(`${name}.dc`) ?? false;
  /** DC values that are expressions of the columns. */
  const levelOf = new Map(
    circuit.elements.flatMap((e) => {
      const { dc } = e.values;
      return isSteadySource(e) && typeof dc === 'object' && isColumn(dc) && !decided(e.name)
        ? [[e.name, dc]]
        : [];
    }),
  );
  const made = new Map<number, Row>();
  const make = (k: number): Row => {
    let binding = base;
    const levels = new Map<string, number>();
    columns.forEach((column, j) => {
      const value = number(rows[k][j], globals(circuit, binding));
      if (column.kind !== 'name') binding = assign(binding, column, value);
      if (column.kind === 'name' || own.has(column.name))
        binding = assign(binding, { kind: 'parameter', name: column.name }, value);
      levels.set(column.name, value);
    });
    const lookup = globals(circuit, binding);
    const fixed = new Map(columns.map(({ name }) => [name, constant(lookup(name))]));
    return {
      binding,
      lookup,
      place: substituter((name) => fixed.get(name)),
      driven(system) {
        if (own.size === 0 && levelOf.size === 0) return system;
        const sources = system.sources.map((s) => {
          const level = levelOf.get(s.element);
          if (own.has(s.element)) return steady(s, levels.get(s.element)!);
          return level === undefined ? s : steady(s, number(level, lookup));
        });
        return { ...system, sources };
      },
    };
  };
  return {
    shared: areShared(circuit, columns, decided),
    row(k) {
      let row = made.get(k);
      if (row === undefined) made.set(k, (row = make(k)));
      return row;
    },
  };
}

const steady = (source: Source, dc: number): Source => ({ ...source, dc, value: () => dc });

const isSteadySource = ({ kind, waveform }: Element): boolean =>
  (kind === 'voltage-source' || kind === 'current-source') && waveform === undefined;

function areShared(
  circuit: Circuit,
  columns: readonly Column[],
  decided: (source: string) => boolean,
): boolean {
  const elements = new Map(circuit.elements.map((element) => [element.name, element]));
  const names = new Set(columns.map(({ name }) => name));
  const isColumn = mentions((name) => names.has(name));
  const moves = (value: Value | undefined): boolean => typeof value === 'object' && isColumn(value);
  const follows = (element: Element): boolean => {
    const { name, values, expressions = {}, waveform } = element;
    const driven = isSteadySource(element) && !decided(name);
    return (
      Object.entries(values).some(([parameter, value]) => moves(value) && !(driven && parameter === 'dc')) ||
      Object.values(expressions).some(isColumn) ||
      (waveform?.args.some(moves) ?? false)
    );
  };
  const steadySource = (column: Column): boolean => {
    const element = elements.get(column.name);
    return (
      (column.kind === 'source' || column.kind === 'element') &&
      column.parameter === 'dc' &&
      element !== undefined &&
      element.waveform === undefined
    );
  };
  return (
    columns.every((c) => c.kind === 'name' || c.kind === 'parameter' || steadySource(c)) &&
    !circuit.elements.some(follows) &&
    ![...circuit.models.values()].some((model) => Object.values(model.values).some(moves)) &&
    ![circuit.parameters, circuit.initialConditions, circuit.nodesets].some((m) =>
      [...m.values()].some(moves),
    )
  );
}
