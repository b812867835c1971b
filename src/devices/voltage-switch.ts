// A switch that follows a voltage.
import type { DeviceKind } from './device.js';
import { switchDoc, switched, switchFlags, switchParameters } from './switching.js';

export const voltageSwitch: DeviceKind = {
  name: 'voltage-switch',
  letter: 's',
  modelTypes: ['sw'],
  summary: 'Switch controlled by a voltage, with hysteresis.',
  doc: `Closes when v(cplus) − v(cminus) > vt + vh, opens when it is < vt − vh. ${switchDoc}`,
  pins: ['plus', 'minus', 'cplus', 'cminus'],
  card: { model: 'required', flags: switchFlags },
  parameters: {
    ...switchParameters,
    vt: { default: 0, unit: 'V', doc: 'threshold voltage', on: 'model', trainable: false },
    vh: { default: 0, unit: 'V', min: 0, doc: 'hysteresis voltage', on: 'model', trainable: false },
  },
  law: (at) => switched(at, at.v('cplus', 'cminus'), at.p('vt'), at.p('vh')),
};
