// Every device, also one written tomorrow, with every documented parameter on a card: read as that device, with
// those values, written and read back the same, and taken into equations.
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/circuit/compile.js';
import type { DeviceKind, ParameterDoc } from '../../src/devices/device.js';
import { deviceKinds } from '../../src/devices/registry.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { writeDeck } from '../../src/netlist/write.js';

/** A value within the bounds that is not the default. */
function sample(doc: ParameterDoc): number {
  const least = doc.above ?? doc.min ?? -1;
  if (doc.integer) return doc.max ?? least + 1;
  return doc.max === undefined ? Math.max(least, 0) + 0.625 : least + (doc.max - least) * 0.375;
}

/** Cards that use a device with all parameters that go together, and the values they say. */
function specimen(kind: DeviceKind, both: 'card' | 'model') {
  const { card, parameters } = kind;
  const own: Record<string, number> = {};
  const model: Record<string, number> = {};
  const complaints = (written: Record<string, number>): number =>
    kind.check?.({ given: (n) => Object.hasOwn(written, n), value: (n) => written[n] ?? Number.NaN })
      .length ?? 0;
  for (const [name, doc] of Object.entries(parameters)) {
    if (card.expressions?.includes(name) || (card.waveform && name.startsWith('ac'))) continue;
    const into = (doc.on === 'both' ? both : doc.on) === 'model' && kind.modelTypes ? model : own;
    const before = { ...own, ...model };
    if (complaints({ ...before, [name]: sample(doc) }) === 0 || complaints(before) > 0)
      into[name] = sample(doc);
  }
  const flags = Object.entries(card.flags ?? {});
  const flag = flags.find(([, sets]) => Object.entries(sets).every(([name, value]) => own[name] === value));
  const nodes = kind.pins.map((_, k) => `n${k}`);
  const controls = Array.from(
    { length: card.controls === 'many' ? 2 : (card.controls ?? 0) },
    (_, k) => `${card.controlLetters?.[0]}control${k}`,
  );
  const flagged = new Set(Object.keys(flag?.[1] ?? {}));
  const lists = Object.entries(card.lists ?? {}).filter(([, of]) => of.every((name) => name in own));
  const inList = new Set(lists.flatMap(([, of]) => of));
  const single = Object.entries(own).filter(([name]) => !flagged.has(name) && !inList.has(name));
  const words = [
    `${kind.letter}x`,
    ...nodes,
    ...controls,
    ...(kind.modelTypes ? ['mod'] : []),
    ...(card.expressions ?? []).map((name) => `${name}={0.5*${card.own === 'current' ? 'i(lx)' : 'v(n0)'}}`),
    ...(flag ? [flag[0]] : []),
    ...single.map(([name, value]) => `${name}=${value}`),
    ...lists.map(([key, of]) => `${key}=${of.map((name) => own[name]).join(',')}`),
    ...(card.waveform ? ['ac 2 30 sin(0 1 1k)'] : []),
  ];
  return {
    own,
    model,
    cards: [
      words.join(' '),
      ...(kind.modelTypes?.slice(0, 1).map(
        (type) =>
          `.model mod ${type}(${Object.entries(model)
            .map(([name, value]) => `${name}=${value}`)
            .join(' ')})`,
      ) ?? []),
      ...controls.map((name, k) => `${name} c${k} 0 1`),
      ...controls.map((_, k) => `rcontrol${k} c${k} 0 1`),
      ...nodes.map((node, k) => `rn${k} ${node} 0 ${k + 1}`),
      ...(nodes.length === 0 ? ['rlone a 0 1'] : []),
    ],
  };
}

const specimens = deviceKinds.flatMap((kind) =>
  (['card', 'model'] as const).map((both) => [kind.name, both, kind] as const),
);

describe.each(specimens)('%s, what may stand on either written on the %s', (_, both, kind) => {
  const { own, model, cards } = specimen(kind, both);
  const text = ['specimen', ...cards, '.tran 1u 1m', '.end', ''].join('\n');

  it('is read with every parameter', () => {
    const { circuit, warnings } = parseDeck(text);
    const [element] = circuit.elements;
    expect(element.kind).toBe(kind.name);
    expect(element.values).toMatchObject(own);
    if (kind.modelTypes) expect({ ...circuit.models.get('mod')?.values }).toEqual(model);
    expect(warnings).toEqual([]);
  });

  it('is written and read back the same', () => {
    const bare = (t: string) => {
      const { elements, models } = parseDeck(t).circuit;
      return {
        elements: elements.map(({ span, ...rest }) => rest),
        models: [...models.values()].map(({ span, ...rest }) => rest),
      };
    };
    const { circuit } = parseDeck(text);
    expect(bare(writeDeck(circuit, { dialect: 'tellegen', cards: ['.tran 1u 1m'] }))).toEqual(bare(text));
  });

  it('becomes equations', () => {
    expect(compile(parseDeck(text).circuit).bind().size).toBeGreaterThan(0);
  });
});
