// The linear devices folded once: constant G and C by slot, and as compressed rows for the residual.
import { type Folded, fold } from '../math/fold.js';
import type { BoundGroup } from './bind.js';
import type { Structure } from './structure.js';

export function foldLinear(
  { assembly: { slots, byRow }, layout: { n, size } }: Structure,
  bound: readonly BoundGroup[],
): { readonly G: Folded; readonly C: Folded } {
  const lists = bound.map(({ group: { template, linearSlots }, block: { count, derived } }) => ({
    count,
    numbers: derived,
    stride: template.derived.length,
    coefficient: Int32Array.from(template.linear, ({ coefficient }) => coefficient),
    stored: Int32Array.from(template.linear, ({ matrix }) => (matrix === 'C' ? 1 : 0)),
    slots: linearSlots,
  }));
  return fold({ n, size, slots, byRow }, lists);
}
