// Names numbered as they come. Where there are very many, in a table of open addresses: it is a fraction of a Map, and
// what it is asked for stands close together.

export interface Numbering {
  /** By number. */
  readonly names: readonly string[];
  /** The number of a name, which it is given when it has none. */
  numberOf(name: string): number;
  /** The number of a name that has one. */
  get(name: string): number | undefined;
}

/** So many names are sooner found in the table: a Map is quicker to ask as long as caches hold it. */
const MANY = 50_000;

/** @param expected how many names there may be; more are taken all the same */
export const createNumbering = (expected: number): Numbering =>
  expected < MANY ? fewNumbered() : manyNumbered(expected);

function fewNumbered(): Numbering {
  const names: string[] = [];
  const numbers = new Map<string, number>();
  return {
    names,
    numberOf(name) {
      let number = numbers.get(name);
      if (number === undefined) numbers.set(name, (number = names.push(name) - 1));
      return number;
    },
    get: (name) => numbers.get(name),
  };
}

function manyNumbered(expected: number): Numbering {
  const names: string[] = [];
  /** 1 + number at the name's address, or in the next place that was free; 0 where none is. */
  let table = tableFor(expected);
  const placeOf = (name: string): number => {
    const mask = table.length - 1;
    let at = hash(name) & mask;
    while (table[at] !== 0 && names[table[at] - 1] !== name) at = (at + 1) & mask;
    return at;
  };
  const grow = (): void => {
    table = tableFor(2 * names.length);
    for (let k = 0; k < names.length; k++) table[placeOf(names[k])] = k + 1;
  };
  return {
    names,
    numberOf(name) {
      const at = placeOf(name);
      if (table[at] !== 0) return table[at] - 1;
      table[at] = names.push(name);
      if (2 * names.length > table.length) grow();
      return names.length - 1;
    },
    get(name) {
      const number = table[placeOf(name)] - 1;
      return number < 0 ? undefined : number;
    },
  };
}

/** At most half full. */
const tableFor = (count: number): Int32Array => new Int32Array(2 ** Math.ceil(Math.log2(2 * count + 1)));

/** FNV-1a (Fowler, Noll, Vo), its upper half folded into the lower. */
function hash(name: string): number {
  let h = 0x811c9dc5;
  for (let k = 0; k < name.length; k++) h = Math.imul(h ^ name.charCodeAt(k), 0x01000193);
  return h ^ (h >>> 15);
}
