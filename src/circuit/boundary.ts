// Numbers at which a device has another structure than beside them: a series resistance of 0 has no inner node. There
// is no derivative with respect to such a number.
import type { DeviceKind } from '../devices/device.js';
import { type Globals, given, type Owner } from './values.js';

/** How far beside a number one looks. */
const RELATIVE = 1e-9;
const ABSOLUTE = 1e-30;

/** Parameters whose values a kind looks at when it chooses its structure. */
export function decisive(kind: DeviceKind): ReadonlySet<string> {
  const read = new Set<string>();
  kind.variant?.({
    given(name) {
      read.add(name);
      return false;
    },
    value(name) {
      read.add(name);
      return 0;
    },
  });
  return read;
}

/** Whether the structure of an element changes when one of its numbers is written, a little beside what it is. */
export function onBoundary(owner: Owner, lookup: Globals, name: string): boolean {
  const { variant } = owner.kind;
  if (variant === undefined) return false;
  const p = given(owner, lookup);
  const own = p.value(name);
  const beside = (by: number): string =>
    variant({
      given: (other) => other === name || p.given(other),
      value: (other) => (other === name ? own + by : p.value(other)),
    });
  const step = Math.max(ABSOLUTE, Math.abs(own) * RELATIVE);
  const here = variant(p);
  return beside(step) !== here || beside(-step) !== here;
}
