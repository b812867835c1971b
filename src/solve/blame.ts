// What to say of a law that has no value where a solution was sought.
import type { UndefinedLaw } from '../circuit/system.js';

const MOST_NAMED = 4;

/** What the author of a law can do. */
export const GUARD =
  'keep its roots, logarithms and quotients from where they have no value, sqrt(max(v(out),1u))';

export function blame({ device, isSlope, value, at }: UndefinedLaw): {
  readonly what: string;
  readonly unknowns: readonly string[];
  readonly devices: readonly string[];
} {
  const law = `${isSlope ? 'the slope of the law' : 'the law'} of ${device}`;
  const is = Number.isNaN(value) ? 'not a number' : 'infinite';
  const named = at.slice(0, MOST_NAMED);
  const where = named.map(({ name, value: v }) => `${name} = ${Number(v.toPrecision(4))}`).join(', ');
  return {
    what: `${law} is ${is}${where ? ` at ${where}` : ''}`,
    unknowns: named.map(({ name }) => name),
    devices: [device],
  };
}
