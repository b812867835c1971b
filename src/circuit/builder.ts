// A circuit built in code: the same words as on a card, checked against the same documented parameters.
import { checkWaveform, waveforms } from '../devices/waveforms.js';
import { type Diagnostic, InputError } from '../errors.js';
import { mentions } from '../expression/split.js';
import { type Draft, type ModelDraft, readElement, readModel, type Setting, type Settings } from './card.js';
import type { Circuit, Element, Model, Value } from './circuit.js';
import { type Complaints, formulaReader } from './formula.js';
import { globals, makeValueCheck, number } from './values.js';

export type { Setting, Settings } from './card.js';

/** Temperatures of a circuit that code builds. */
export interface CircuitOptions {
  /** °C, default 27. */
  readonly temperature?: number;
  /** °C at which parameters were measured, default 27. */
  readonly nominalTemperature?: number;
}

/** Collects a circuit card by card; every method but `build` returns the builder itself. */
export interface CircuitBuilder {
  /**
   * An element. Its first letter and its model or expressions choose the kind, as on a card.
   * @param nodes in the order of the kind's pins, as a list or in one text: `'a b'`; `0` and `gnd` are ground
   * @param settings by name, or the value of the first parameter alone: `c.add('R1', 'a b', 1e3)`
   */
  add(name: string, nodes: string | readonly string[], settings?: Settings | Setting): CircuitBuilder;
  /** A `.model`: name, type (`d`, `fhn`, `tunnel`, …) and parameters. May come after the elements that use it. */
  model(name: string, type: string, values?: Readonly<Record<string, Setting>>): CircuitBuilder;
  /** A `.param`, over those before it. */
  parameter(name: string, value: Setting): CircuitBuilder;
  /** `.ic`: a node's voltage at t = 0. */
  initial(node: string, volts: Setting): CircuitBuilder;
  /** `.nodeset`: a first guess of a node's voltage. */
  nodeset(node: string, volts: Setting): CircuitBuilder;
  /** @throws InputError with everything that is wrong with the circuit's words and numbers */
  build(): Circuit;
}

/** An empty circuit to add to. */
export function createCircuit(title: string, options: CircuitOptions = {}): CircuitBuilder {
  const drafts: Draft[] = [];
  const models: ModelDraft[] = [];
  const parameters: [string, Setting][] = [];
  const initials: [string, Setting][] = [];
  const nodesets: [string, Setting][] = [];
  const builder: CircuitBuilder = {
    add(name, nodes, settings) {
      const list = typeof nodes === 'string' ? nodes.trim().split(/[\s,]+/) : nodes;
      drafts.push({ name: name.toLowerCase(), nodes: list.filter((n) => n !== '').map(nodeName), settings });
      return builder;
    },
    model(name, type, values = {}) {
      models.push({ name: name.toLowerCase(), type: type.toLowerCase(), values });
      return builder;
    },
    parameter(name, value) {
      parameters.push([name.toLowerCase(), value]);
      return builder;
    },
    initial(node, volts) {
      initials.push([nodeName(node), volts]);
      return builder;
    },
    nodeset(node, volts) {
      nodesets.push([nodeName(node), volts]);
      return builder;
    },
    build() {
      const found: Diagnostic[] = [];
      const complain: Complaints = (code, message, hint, span) => {
        found.push({
          severity: 'error',
          code,
          message,
          ...(hint ? { hint } : {}),
          ...(span ? { span } : {}),
        });
      };
      const known = new Map<string, Value>();
      const lost = new Set<string>();
      const isLost = mentions((name) => lost.has(name));
      const isKnown = (value: Value): boolean => typeof value === 'number' || !isLost(value);
      const formulas = formulaReader((name) => known.has(name) || name === 'temper', complain);
      for (const [name, setting] of parameters) {
        const value = formulas.value(setting, `parameter ${name}`);
        if (value === undefined || !isKnown(value)) lost.add(name);
        known.set(name, value ?? Number.NaN);
      }
      const voltages = (list: readonly [string, Setting][]): Map<string, Value> =>
        new Map(
          list.map(([node, volts]) => [node, formulas.value(volts, `the voltage of ${node}`) ?? Number.NaN]),
        );
      const readModels = models.map((m) => readModel(m, formulas, complain));
      const modelOf = new Map(readModels.map(({ model }) => [model.name, model]));
      const elements = drafts.flatMap((draft) => readElement(draft, modelOf, formulas, complain) ?? []);
      const circuit: Circuit = {
        title,
        elements: elements.map(({ element }) => element),
        models: modelOf,
        parameters: known,
        temperature: options.temperature ?? 27,
        nominalTemperature: options.nominalTemperature ?? 27,
        initialConditions: voltages(initials),
        nodesets: voltages(nodesets),
      };
      const lookup = globals(circuit, {});
      /** Cards that were not read as a whole: what they lack may be what could not be read. */
      const partial = new Set<object>();
      const readable = <T extends Element | Model>(card: T, whole: boolean): T => {
        if (whole && lost.size === 0) return card;
        const values = Object.entries(card.values).filter(([, value]) => isKnown(value));
        const left = { ...card, values: Object.fromEntries(values) };
        if (!whole || values.length < Object.keys(card.values).length) partial.add(left);
        return left;
      };
      const check = makeValueCheck(lookup, (card, code, message, hint) => {
        if (!(partial.has(card) && LACKING.has(code))) complain(code, message, hint);
      });
      const modelsLeft = new Map(
        readModels.map(({ model, whole }) => [model.name, readable(model, whole)] as const),
      );
      const names = new Set<string>();
      for (const { element, kind, whole } of elements) {
        const { name, waveform } = element;
        if (names.has(name))
          complain('duplicate-element', `there are two elements ${name}`, 'give one another name');
        names.add(name);
        if (waveform?.args.every(isKnown)) {
          const wrong = checkWaveform(
            waveforms.get(waveform.kind)!,
            waveform.args.map((a) => number(a, lookup)),
          );
          for (const message of wrong) complain('bad-waveform', `${name}: ${message}`);
        }
        const model = element.model === undefined ? undefined : modelsLeft.get(element.model);
        const isWhole = whole && !(model && partial.has(model));
        check({ kind, element: readable(element, isWhole), model, binding: {} });
      }
      if (found.length > 0) throw new InputError(found);
      return circuit;
    },
  };
  return builder;
}

/** Complaints that may follow from a value that could not be read. */
const LACKING: ReadonlySet<string> = new Set(['missing-parameter', 'parameter-conflict']);

const nodeName = (name: string): string => {
  const lower = name.toLowerCase();
  return lower === 'gnd' ? '0' : lower;
};
