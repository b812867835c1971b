// What controlled and behavioural sources share: driving a current, or forcing a voltage by a branch current.
import { sub } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import type { Law, Place } from './device.js';

/** A current i from plus through the device to minus. */
export const drive = (i: Expr): Law => ({ flows: [{ from: 'plus', to: 'minus', i }] });

/** v(plus) − v(minus) = v, with the branch current as an unknown `i` that flows from plus to minus. */
export const force = (at: Place, v: Expr): Law => ({
  unknowns: { i: 'current' },
  flows: [{ from: 'plus', to: 'minus', i: at.x('i') }],
  equations: [{ of: 'i', f: sub(at.v('plus', 'minus'), v) }],
});

/** End of a documentation sentence about an expression. */
export const terms =
  'an expression of node voltages V(a), V(a,b), branch currents I(dev), parameters and `time`.';
