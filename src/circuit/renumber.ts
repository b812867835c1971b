// The same circuit with other numbers on its cards: what a trained deck is written from.
import { kindByName } from '../devices/registry.js';
import type { Circuit, Element, Model } from './circuit.js';

/**
 * @param values by `element.parameter`, as in `Binding.values`; a parameter that only a model can hold gives its element
 * a model of its own, `model_element`
 */
export function renumber(circuit: Circuit, values: ReadonlyMap<string, number>): Circuit {
  const moved = new Map<string, [string, number][]>();
  for (const [name, value] of values) {
    const dot = name.lastIndexOf('.');
    const element = name.slice(0, dot);
    const mine = moved.get(element) ?? [];
    mine.push([name.slice(dot + 1), value]);
    moved.set(element, mine);
  }
  const models = new Map(circuit.models);
  const elements = circuit.elements.map((element): Element => {
    const mine = moved.get(element.name);
    if (mine === undefined) return element;
    const parameters = kindByName(element.kind)?.parameters ?? {};
    const onModel = mine.filter(([name]) => parameters[name]?.on === 'model');
    const onCard = mine.filter(([name]) => parameters[name]?.on !== 'model');
    const renumbered = { ...element, values: { ...element.values, ...Object.fromEntries(onCard) } };
    const shared = circuit.models.get(element.model ?? '');
    if (onModel.length === 0 || shared === undefined) return renumbered;
    const own: Model = {
      ...shared,
      name: `${shared.name}_${element.name}`,
      values: { ...shared.values, ...Object.fromEntries(onModel) },
    };
    models.set(own.name, own);
    return { ...renumbered, model: own.name };
  });
  return { ...circuit, elements, models };
}
