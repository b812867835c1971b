// What a binding breaks of the bounds that devices document, as an error on the card would: for values that are swept.
import type { Diagnostic } from '../errors.js';
import type { Element, Model, Value } from './circuit.js';
import { checkSource } from './species.js';
import { oncePerStructure, type Structure } from './structure.js';
import { type Binding, checkTemperature, globals, grouped, makeValueCheck, overrides } from './values.js';

const isExpression = (value: Value): boolean => typeof value !== 'number';

/** Elements that have a number which is an expression, or whose models have. */
const speaking = oncePerStructure(({ circuit, species }): readonly number[] => {
  const models = new Set(
    [...circuit.models.values()].filter(({ values }) => Object.values(values).some(isExpression)),
  );
  return [...species.keys()].filter((e) => {
    const element = circuit.elements[e];
    const { model } = species[e];
    return (
      (model !== undefined && models.has(model)) ||
      Object.values(element.values).some(isExpression) ||
      element.waveform?.args.some(isExpression) === true
    );
  });
});

/** @returns an error for every number that a device does not take; what no binding moves is not looked at */
export function faultsOf(structure: Structure, given: Binding): readonly Diagnostic[] {
  const { circuit, species, wiring } = structure;
  const binding = grouped(given);
  const lookup = globals(circuit, binding);
  const faults: Diagnostic[] = [];
  const complain = ({ span }: Pick<Element, 'span'>, code: string, message: string, hint: string): void => {
    faults.push({ severity: 'error', code, message, hint, ...(span ? { span } : {}) });
  };
  checkTemperature(binding.celsius, complain);

  const bound = new Map<Model, Model>();
  for (const [key, value] of binding.models ?? []) {
    const model = circuit.models.get(key.slice(0, key.lastIndexOf('.')));
    if (model === undefined) continue;
    const { values } = bound.get(model) ?? model;
    bound.set(model, { ...model, values: { ...values, [key.slice(key.lastIndexOf('.') + 1)]: value } });
  }
  const concerned = new Set(speaking(structure));
  for (const key of binding.values?.keys() ?? []) {
    const e = wiring.elementOf.get(key.slice(0, key.lastIndexOf('.')));
    if (e !== undefined) concerned.add(e);
  }
  if (bound.size > 0) {
    species.forEach(({ model }, e) => {
      if (model && bound.has(model)) concerned.add(e);
    });
  }

  const check = makeValueCheck(lookup, complain);
  for (const e of concerned) {
    const element = circuit.elements[e];
    const { kind, model } = species[e];
    const own = [...(overrides(binding, element.name) ?? [])].filter(([name]) => name in kind.parameters);
    const values = own.length === 0 ? element.values : { ...element.values, ...Object.fromEntries(own) };
    check({ kind, element: { ...element, values }, model: model && (bound.get(model) ?? model), binding });
    if (element.waveform) checkSource(element, element.waveform.kind, lookup, binding, complain);
  }
  return faults;
}
