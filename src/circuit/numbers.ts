// A circuit in which the numbers of one run stand where its own stood.
import type { Circuit, Value } from './circuit.js';
import type { Binding } from './values.js';

/** The circuit with a binding written into it: the same run without that binding. */
export function withNumbers(circuit: Circuit, binding: Binding): Circuit {
  const overlay = (
    owner: string,
    values: Readonly<Record<string, Value>>,
    over: ReadonlyMap<string, number> | undefined,
  ): Readonly<Record<string, Value>> => {
    const prefix = `${owner}.`;
    const own = [...(over ?? [])].filter(
      ([key]) => key.startsWith(prefix) && !key.slice(prefix.length).includes('.'),
    );
    return own.length === 0
      ? values
      : { ...values, ...Object.fromEntries(own.map(([key, x]) => [key.slice(prefix.length), x])) };
  };
  return {
    ...circuit,
    temperature: binding.celsius ?? circuit.temperature,
    parameters: new Map(
      [...circuit.parameters].map(([name, value]) => [name, binding.parameters?.get(name) ?? value]),
    ),
    models: new Map(
      [...circuit.models].map(([key, model]) => [
        key,
        { ...model, values: overlay(model.name, model.values, binding.models) },
      ]),
    ),
    elements: circuit.elements.map((element) => {
      const values = overlay(element.name, element.values, binding.values);
      return values === element.values ? element : { ...element, values };
    }),
  };
}
