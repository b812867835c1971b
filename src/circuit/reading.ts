// The symbols of a functional, v(node), i(element), w(element), as expressions over slots of x (`x#3`) and derived
// parameters of elements (`d#7:2`).
import type { Diagnostic } from '../errors.js';
import { mul, one, sum, symbol, zero } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import { substituter } from '../expression/substitute.js';
import { didYouMean, some } from '../expression/suggest.js';
import { homes } from './concerned.js';
import type { Structure } from './structure.js';
import { ONE, symbolOf, type Template, unlimited } from './template.js';
import { nodesBySlot, slotOfUnknown } from './variables.js';

const slotSymbol = (slot: number): Expr => symbol(`x#${slot}`);
const derivedSymbol = (element: number, k: number): Expr => symbol(`d#${element}:${k}`);

/** Whether a symbol is a signal such as `v(out)`, and not a number. */
const isSignal = (name: string): boolean => name.endsWith(')') && name.indexOf('(') > 0;

/** Of a current: all that it is at rest; what no charge moves; the charge whose rate is the rest of it. */
export type Share = 'rest' | 'still' | 'stored';

export interface Readings {
  /** A symbol as an expression; undefined for what is to be left as it is. */
  expression(name: string): Expr | undefined;
  readonly errors: readonly Diagnostic[];
  /** Elements whose current was read without that of their charges. */
  readonly leavesOut: ReadonlySet<string>;
}

/**
 * @param isNumber which other symbols have a value
 * @param share what is read of signals; at 'rest', a current that is the rate of a charge alone is an error
 */
export function makeReadings(
  structure: Structure,
  isNumber: (name: string) => boolean,
  share: Share,
): Readings {
  const { layout, species, wiring } = structure;
  const { elementOf } = wiring;
  const errors: Diagnostic[] = [];
  const leavesOut = new Set<string>();
  const wrong = (code: string, message: string, hint: string): Expr => {
    errors.push({ severity: 'error', code, message, hint });
    return zero;
  };
  const at = (slot: number): Expr => (slot === layout.ground ? zero : slotSymbol(slot));
  /** Of what is an entry of x: such an entry stores nothing. */
  const entry = (slot: number): Expr => (share === 'stored' ? zero : at(slot));

  const voltage = (name: string, inner: string): Expr => {
    const slot = layout.slotOfNode(inner) ?? slotOfUnknown(structure, name);
    if (slot >= 0) return entry(slot);
    const nodes = nodesBySlot(structure);
    const hint = didYouMean(inner, nodes) ?? `name a node of the circuit: ${some(nodes)}`;
    return wrong('unknown-node', `there is no node ${inner} for ${name}`, hint);
  };

  const ofElement = (name: string, word: string, inner: string): Expr => {
    const e = elementOf.get(inner);
    if (e === undefined) {
      const hint =
        didYouMean(inner, elementOf.keys()) ??
        `name an element of the circuit: ${some([...elementOf.keys()])}`;
      return wrong('unknown-element', `there is no element ${inner} for ${name}`, hint);
    }
    const { template } = species[e];
    const { pins } = template.kind;
    if (word === 'i' && layout.eliminated[e]) {
      const message = `${name} is not an unknown of this system: ${inner} ties a node to ground`;
      return wrong('eliminated-current', message, `compile the circuit with keep: ['${inner}']`);
    }
    const unknown = template.unknowns.findIndex(([own]) => own === word);
    if (unknown >= 0) return entry(layout.unknownsAt[e] + unknown);
    if (pins.includes(word)) return entry(layout.pinSlots[layout.pinsAt[e] + pins.indexOf(word)]);
    const node = template.ownNodes.indexOf(word);
    if (node >= 0) return entry(layout.nodesAt[e] + node);
    if (word === 'i' && template.current !== undefined) return current(name, inner, e, template);
    const words = [...template.unknowns.map(([own]) => own), ...(template.current ? ['i'] : []), ...pins];
    return wrong(
      'unknown-signal',
      `a ${template.kind.name} has no ${word} for ${name}`,
      `${inner} has ${[...new Set([...words, ...template.ownNodes])].map((own) => `${own}(${inner})`).join(', ')}`,
    );
  };

  const current = (name: string, inner: string, e: number, template: Template): Expr => {
    const { linear, i, charge } = template.current!;
    const fixed = linear.filter((term) => term.matrix === 'G');
    const stores = charge !== undefined || fixed.length < linear.length;
    if (share === 'rest' && stores && fixed.length === 0 && i === undefined) {
      const message = `${name} is the rate of a charge, which no instant alone has`;
      return wrong(
        'current-of-charge',
        message,
        `put a voltage source of 0 V in series with ${inner} and read its current`,
      );
    }
    if (stores) leavesOut.add(inner);
    const { group, position } = homes(structure);
    const { index } = structure.assembly.groups[group[e]];
    const place = (local: number): Expr =>
      local === ONE ? one : at(index[position[e] * template.locals.length + local]);
    const byName = new Map(template.locals.map((l, k) => [symbolOf(l), k]));
    const placed = substituter((own) => {
      if (own.startsWith('d:')) return derivedSymbol(e, Number(own.slice(2)));
      const local = byName.get(own);
      return local === undefined ? undefined : place(local);
    });
    const terms = share === 'stored' ? linear.filter((term) => term.matrix === 'C') : fixed;
    const law = share !== 'stored' ? i : charge === undefined ? undefined : template.charges[charge];
    return sum(
      ...terms.map(({ coefficient, column }) => mul(derivedSymbol(e, coefficient), place(column))),
      law === undefined ? zero : placed(unlimited(template)(law.value)),
    );
  };

  return {
    errors,
    leavesOut,
    expression(name) {
      if (name === 'time') return undefined;
      if (!isSignal(name)) {
        if (isNumber(name)) return undefined;
        const names = ['time', ...structure.circuit.parameters.keys()];
        return wrong(
          'unknown-name',
          `nothing is called ${name} here`,
          didYouMean(name, names) ?? 'write v(node), i(element), time, or the name of a .param',
        );
      }
      const open = name.indexOf('(');
      const [word, inner] = [name.slice(0, open), name.slice(open + 1, -1)];
      return word === 'v' ? voltage(name, inner) : ofElement(name, word, inner);
    },
  };
}
