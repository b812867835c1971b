// What the march, the delay lines and Newton's limiter need to know of devices, gathered from all groups in their order.
import type { BoundGroup } from './bind.js';
import type { Block } from './loops.js';
import type { Delay, Junctions, Mode, Signal } from './system.js';
import type { SignalTerms } from './template.js';

function signalOf(terms: SignalTerms, block: Block, stride: number, parameters: number, k: number): Signal {
  return {
    index: Int32Array.from(terms, ({ local }) => block.index[k * stride + local]),
    weight: Float64Array.from(terms, ({ weight }) => block.derived[k * parameters + weight]),
  };
}

export function collectDelays(bound: readonly BoundGroup[]): Delay[] {
  const delaying = bound.filter(({ group }) => group.template.delays.length > 0);
  return delaying.flatMap(({ group: { template, elements }, block }) =>
    elements.flatMap((element, k) =>
      template.delays.map((delay): Delay => {
        const at = (d: number): number => block.derived[k * template.derived.length + d];
        return {
          slot: block.index[k * template.locals.length + delay.input],
          signal: signalOf(delay.signal, block, template.locals.length, template.derived.length, k),
          by: at(delay.by),
          initial: delay.initial === undefined ? Number.NaN : at(delay.initial),
          element: element.name,
        };
      }),
    ),
  );
}

export function collectModes(bound: readonly BoundGroup[]): Mode[] {
  const switching = bound.filter(({ group }) => group.template.modes.length > 0);
  return switching.flatMap(({ group: { template, elements }, block }) =>
    elements.flatMap((element, k) =>
      template.modes.map((mode): Mode => {
        const at = (d: number): number => block.derived[k * template.derived.length + d];
        return {
          slot: block.index[k * template.locals.length + mode.input],
          signal: signalOf(mode.signal, block, template.locals.length, template.derived.length, k),
          on: at(mode.on),
          off: at(mode.off),
          initial: at(mode.initial),
          element: element.name,
        };
      }),
    ),
  );
}

export function collectJunctions(bound: readonly BoundGroup[], count: number, ground: number): Junctions {
  const junctions = {
    count,
    plus: new Int32Array(count),
    minus: new Int32Array(count),
    thermal: new Float64Array(count),
    critical: new Float64Array(count),
  };
  for (const {
    group: { template },
    block,
  } of bound) {
    for (let k = 0; k < block.count && template.junctions.length > 0; k++) {
      template.junctions.forEach((j, i) => {
        const at = block.firstJunction + k * template.junctions.length + i;
        const slot = (local: number): number =>
          local < 0 ? ground : block.index[k * template.locals.length + local];
        junctions.plus[at] = slot(j.plus);
        junctions.minus[at] = slot(j.minus);
        junctions.thermal[at] = block.derived[k * template.derived.length + j.thermal];
        junctions.critical[at] = block.derived[k * template.derived.length + j.critical];
      });
    }
  }
  return junctions;
}
