// Wires have a resistance: one in series with every pin of every device. What a pin is connected to is in the circuit, so
// whoever makes the problem puts them in; here they have their name and their value.
import { positive } from './knob.js';

export const wire = positive('wire', 'Ω', 'resistance of the wire at every pin of every device');

/** Wires are resistors with names that begin so: `wire#r1#0` leads to pin 0 of r1. */
export const WIRE = 'wire#';

export const isWire = (name: string): boolean => name.startsWith(WIRE);

/** Values of the wires among physical values, by `element.parameter`. */
export const wireValues = (
  physical: ReadonlyMap<string, number>,
  ohms: number,
): ReadonlyMap<string, number> =>
  new Map(
    [...physical.keys()].filter((name) => isWire(name) && name.endsWith('.r')).map((name) => [name, ohms]),
  );
