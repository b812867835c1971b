// A switch that follows a current.
import type { DeviceKind } from './device.js';
import { switchDoc, switched, switchFlags, switchParameters } from './switching.js';

export const currentSwitch: DeviceKind = {
  name: 'current-switch',
  letter: 'w',
  modelTypes: ['csw'],
  summary: 'Switch controlled by the current of a voltage source, with hysteresis.',
  doc: `Closes when I(control) > it + ih, opens when it is < it − ih. ${switchDoc}`,
  pins: ['plus', 'minus'],
  card: { controls: 1, controlLetters: 'v', model: 'required', flags: switchFlags },
  parameters: {
    ...switchParameters,
    it: { default: 0, unit: 'A', doc: 'threshold current', on: 'model', trainable: false },
    ih: { default: 0, unit: 'A', min: 0, doc: 'hysteresis current', on: 'model', trainable: false },
  },
  law: (at) => switched(at, at.control(0), at.p('it'), at.p('ih')),
};
