// How the cards of every kind are read, looked up once: spellings → parameters, letters → kinds, model types → kinds.
import type { DeviceKind, ParameterDoc } from '../devices/device.js';

export interface KindSyntax {
  readonly kind: DeviceKind;
  /** Spellings of what may be written on the card, and of lists. */
  readonly keys: ReadonlyMap<string, string>;
  readonly modelKeys: ReadonlyMap<string, string>;
  readonly positional: readonly string[];
  /** Parameters that hold a behavioural expression. */
  readonly expressions: ReadonlySet<string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly flags: ReadonlyMap<string, Readonly<Record<string, number>>>;
  readonly controls: number;
  readonly required: readonly string[];
  /** Couples the currents of other elements and has no nodes: more than two of them are taken in pairs. */
  readonly pairs: boolean;
  doc(parameter: string): ParameterDoc;
}

export interface SyntaxTable {
  readonly byLetter: ReadonlyMap<string, readonly KindSyntax[]>;
  readonly byModelType: ReadonlyMap<string, readonly KindSyntax[]>;
  readonly byKind: ReadonlyMap<string, KindSyntax>;
  /** By letter: what a name, two nodes and a number are the whole card of. */
  readonly plain: ReadonlyMap<string, KindSyntax>;
}

function makeSyntax(kind: DeviceKind): KindSyntax {
  const keys = new Map<string, string>();
  const modelKeys = new Map<string, string>();
  const docs = new Map(Object.entries(kind.parameters));
  for (const [name, doc] of docs) {
    for (const spelling of [name, ...(doc.aliases ?? [])]) {
      if (doc.on !== 'model') keys.set(spelling, name);
      if (doc.on !== 'card') modelKeys.set(spelling, name);
    }
  }
  const lists = new Map(Object.entries(kind.card.lists ?? {}));
  for (const name of lists.keys()) keys.set(name, name);
  const controls = kind.card.controls === 'many' ? 2 : (kind.card.controls ?? 0);
  return {
    kind,
    keys,
    modelKeys,
    positional: kind.card.positional ?? [],
    expressions: new Set(kind.card.expressions),
    lists,
    flags: new Map(Object.entries(kind.card.flags ?? {})),
    controls,
    required: [...docs].flatMap(([name, doc]) => (doc.required ? [name] : [])),
    pairs: controls === 2 && kind.pins.length === 0,
    doc: (parameter) => docs.get(parameter)!,
  };
}

/** Whether two nodes and the first value are all that a card of this kind must have. */
const isPlain = ({ kind, controls, required, positional }: KindSyntax): boolean =>
  kind.pins.length === 2 &&
  controls === 0 &&
  kind.card.model !== 'required' &&
  positional.length > 0 &&
  required.every((name) => name === positional[0]);

export function makeSyntaxTable(kinds: readonly DeviceKind[]): SyntaxTable {
  const byLetter = new Map<string, KindSyntax[]>();
  const byModelType = new Map<string, KindSyntax[]>();
  const byKind = new Map<string, KindSyntax>();
  const append = (map: Map<string, KindSyntax[]>, key: string, value: KindSyntax): void => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  for (const kind of kinds) {
    const syntax = makeSyntax(kind);
    byKind.set(kind.name, syntax);
    append(byLetter, kind.letter, syntax);
    for (const type of kind.modelTypes ?? []) append(byModelType, type, syntax);
  }
  const plain = new Map<string, KindSyntax>();
  for (const [letter, all] of byLetter) {
    const choice = all.filter((k) => !k.kind.card.whenExpression);
    if (choice.length === 1 && isPlain(choice[0])) plain.set(letter, choice[0]);
  }
  return { byLetter, byModelType, byKind, plain };
}
