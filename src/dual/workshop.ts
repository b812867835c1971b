// Where the elements of a new circuit are made and find names that nobody else has.
import type { Element, Value } from '../circuit/circuit.js';
import { kindByName } from '../devices/registry.js';
import { symbol } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';

/** What stands on a card besides kind, name and nodes. */
export type Card = Pick<Partial<Element>, 'expressions' | 'controls' | 'waveform' | 'model'> & {
  readonly values?: Readonly<Record<string, Value>>;
};

export interface Workshop {
  readonly elements: readonly Element[];
  /** A name for an element of this kind, made of `base`; taken from then on. */
  elementName(kind: string, base: string): string;
  /** A node's name that no other node has. */
  nodeName(base: string): string;
  /** An element with exactly this name, which `elementName` gave. */
  put(kind: string, name: string, nodes: readonly string[], card?: Card): void;
  /** An element with a name made of `base`; gives the name. */
  add(kind: string, base: string, nodes: readonly string[], card?: Card): string;
  /** scale·de/dt: the current of a capacitor of `scale` farads that is held at e volts. */
  rate(e: Expr, scale: number, base: string): Expr;
}

/** @param given elements whose names and nodes are taken; @param kept those of them that stand in the new circuit */
export function workshop(given: readonly Element[], kept: readonly Element[]): Workshop {
  const elements: Element[] = [...kept];
  const names = new Set(kept.map((element) => element.name));
  const nodes = new Set(given.flatMap((element) => element.nodes));
  const free = (base: string, taken: Set<string>): string => {
    let name = base;
    for (let k = 2; taken.has(name); k++) name = `${base}_${k}`;
    taken.add(name);
    return name;
  };
  const shop: Workshop = {
    elements,
    elementName(kind, base) {
      const letter = kindByName(kind)!.letter;
      return free(base.startsWith(letter) || base.includes('.') ? base : `${letter}_${base}`, names);
    },
    nodeName: (base) => free(base, nodes),
    put(kind, name, on, { values = {}, ...card } = {}) {
      elements.push({ kind, name, nodes: on, values, ...card });
    },
    add(kind, base, on, card) {
      const name = shop.elementName(kind, base);
      shop.put(kind, name, on, card);
      return name;
    },
    rate(e, scale, base) {
      const [held, sensed] = [shop.nodeName(`${base}_held`), shop.nodeName(`${base}_rate`)];
      shop.add('behavioural-voltage', `${base}_held`, [held, '0'], voltage(e));
      const sense = shop.add('voltage-source', `${base}_rate`, [held, sensed], { values: { dc: 0 } });
      shop.add('capacitor', `${base}_rate`, [sensed, '0'], { values: { c: scale } });
      return symbol(`i(${sense})`);
    },
  };
  return shop;
}

/** I = e from the first node to the second. */
export const current = (e: Expr): Card => ({ expressions: { i: e } });
/** V = e between them. */
export const voltage = (e: Expr): Card => ({ expressions: { v: e } });
export const charge = (e: Expr): Card => ({ expressions: { q: e } });
