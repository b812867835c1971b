// What a parameter of an element is worth: on its card, in its model, or by default.
import type { Circuit, Element, Value } from '../circuit/circuit.js';
import { ownerOf } from '../circuit/place.js';
import { worth } from '../circuit/values.js';
import { kindByName } from '../devices/registry.js';

export const givenValue = (element: Element, circuit: Circuit, name: string): Value =>
  worth(ownerOf(kindByName(element.kind)!, element, circuit), name) ?? Number.NaN;
