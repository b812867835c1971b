// i = v/ron when closed, v/roff when open; closing above threshold + hysteresis, opening below threshold − hysteresis.
import { add, div, mul, one, sub } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import type { CardSyntax, Law, ParameterDoc, Place } from './device.js';

/** Law of a switch between plus and minus whose state follows a signal, with hysteresis. */
export function switched(at: Place, signal: Expr, threshold: Expr, hysteresis: Expr): Law {
  const open = div(one, at.p('roff'));
  const step = sub(div(one, at.p('ron')), open);
  const g = add(open, mul(step, at.input('closed')));
  return {
    flows: [{ from: 'plus', to: 'minus', i: mul(g, at.v('plus', 'minus')) }],
    modes: {
      closed: {
        signal,
        on: add(threshold, hysteresis),
        off: sub(threshold, hysteresis),
        initial: at.p('on'),
      },
    },
  };
}

export const switchParameters: Readonly<Record<string, ParameterDoc>> = {
  ron: { default: 1, unit: 'Ω', above: 0, doc: 'resistance when closed', on: 'model' },
  roff: { default: 1e12, unit: 'Ω', above: 0, doc: 'resistance when open', on: 'model' },
  on: {
    default: 0,
    unit: '',
    min: 0,
    max: 1,
    integer: true,
    doc: 'state at the start when the control is within the hysteresis; written ON or OFF',
    on: 'card',
    trainable: false,
  },
};

export const switchFlags: NonNullable<CardSyntax['flags']> = { on: { on: 1 }, off: { on: 0 } };

export const switchDoc =
  'Between the two thresholds it keeps its state. i = v/ron when closed and v/roff when open.';
