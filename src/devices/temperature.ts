// T in kelvin, the thermal voltage k·T/q, and the polynomial scale of passive devices.
import { add, constant, mul, one, sub } from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import type { ParameterDoc, Place } from './device.js';

/** k/q in V/K, exact in the SI of 2019. */
export const BOLTZMANN_OVER_CHARGE = 1.380649e-23 / 1.602176634e-19;

const ZERO_CELSIUS = constant(273.15);

export const kelvin = (at: Place): Expr => add(at.celsius, ZERO_CELSIUS);
export const nominalKelvin = (at: Place): Expr => add(at.nominal, ZERO_CELSIUS);

/** k·T/q in volts, at the device's temperature. */
export const thermalVoltage = (at: Place): Expr => mul(constant(BOLTZMANN_OVER_CHARGE), kelvin(at));

/** 1 + tc1·ΔT + tc2·ΔT², ΔT = temperature − nominal temperature. */
export function polynomialScale(at: Place): Expr {
  const dT = sub(at.celsius, at.nominal);
  return add(one, mul(dT, add(at.p('tc1'), mul(at.p('tc2'), dT))));
}

/** The parameters by which a device's temperature is set on its card. */
export const temperatureParameters: Readonly<Record<string, ParameterDoc>> = {
  temp: { unit: '°C', above: -273.15, doc: 'device temperature (unset: the circuit’s)', on: 'card' },
  dtemp: { default: 0, unit: 'K', doc: 'temperature above the circuit’s', on: 'card' },
  tnom: {
    unit: '°C',
    above: -273.15,
    doc: 'temperature at which the parameters were measured (unset: the circuit’s)',
    on: 'both',
    trainable: false,
  },
};

export const polynomialParameters: Readonly<Record<string, ParameterDoc>> = {
  tc1: { default: 0, unit: '1/K', doc: 'first-order temperature coefficient', on: 'both' },
  tc2: { default: 0, unit: '1/K²', doc: 'second-order temperature coefficient', on: 'both' },
  ...temperatureParameters,
};

/** How many equal devices stand in parallel. */
export const multiplier: ParameterDoc = {
  default: 1,
  unit: '1',
  above: 0,
  doc: 'how many of it stand in parallel',
  on: 'card',
  trainable: false,
};
