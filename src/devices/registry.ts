// Every kind of device that exists: a new device is one new file and one word here.
import { behaviouralCurrent } from './behavioural-current.js';
import { behaviouralVoltage } from './behavioural-voltage.js';
import { capacitor } from './capacitor.js';
import { cccs } from './cccs.js';
import { ccvs } from './ccvs.js';
import { chargeCapacitor } from './charge-capacitor.js';
import { currentSource } from './current-source.js';
import { currentSwitch } from './current-switch.js';
import type { DeviceKind } from './device.js';
import { diode } from './diode.js';
import { fitzhughNagumo } from './fitzhugh-nagumo.js';
import { fluxInductor } from './flux-inductor.js';
import { gyrator } from './gyrator.js';
import { inductor } from './inductor.js';
import { line } from './line.js';
import { mutualInductance } from './mutual-inductance.js';
import { resistor } from './resistor.js';
import { transformer } from './transformer.js';
import { tunnelDiode } from './tunnel-diode.js';
import { vccs } from './vccs.js';
import { vccsExpression } from './vccs-expression.js';
import { vcvs } from './vcvs.js';
import { vcvsExpression } from './vcvs-expression.js';
import { voltageSource } from './voltage-source.js';
import { voltageSwitch } from './voltage-switch.js';

/** All kinds. Several may share a letter: they differ in model type, or in whether an expression is written. */
export const deviceKinds: readonly DeviceKind[] = [
  resistor,
  capacitor,
  chargeCapacitor,
  inductor,
  fluxInductor,
  mutualInductance,
  voltageSource,
  currentSource,
  vcvs,
  vcvsExpression,
  vccs,
  vccsExpression,
  cccs,
  ccvs,
  behaviouralCurrent,
  behaviouralVoltage,
  diode,
  tunnelDiode,
  fitzhughNagumo,
  line,
  voltageSwitch,
  currentSwitch,
  gyrator,
  transformer,
];

const byName = new Map(deviceKinds.map((kind) => [kind.name, kind]));

/** The kind with this registry name, e.g. `tunnel-diode`. */
export const kindByName = (name: string): DeviceKind | undefined => byName.get(name);

/** The kinds whose cards begin with this letter (lower case), in the order of the registry. */
export const kindsByLetter = (letter: string): readonly DeviceKind[] =>
  deviceKinds.filter((kind) => kind.letter === letter);
