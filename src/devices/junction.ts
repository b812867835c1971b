// What p–n junctions share: the depletion charge with its linear continuation above FC·VJ, and how
// saturation current, built-in potential and zero-bias capacitance move with temperature.
import {
  add,
  constant,
  div,
  exp,
  half,
  log,
  lt,
  mul,
  neg,
  one,
  pow,
  product,
  select,
  sqrt,
  square,
  sub,
} from '../expression/build.js';
import type { Expr } from '../expression/expression.js';
import type { Given, ParameterDoc, Place } from './device.js';
import { BOLTZMANN_OVER_CHARGE, kelvin, nominalKelvin, thermalVoltage } from './temperature.js';

/**
 * ∫ cjo·(1 − v/vj)^(−m) dv from 0, whose capacitance is continued linearly, so C¹, above v = fc·vj.
 * Source: SPICE3f5, diode model (Massobrio and Antognetti, "Semiconductor Device Modeling with SPICE", §1.3).
 */
export function depletionCharge(v: Expr, cjo: Expr, vj: Expr, m: Expr, fc: Expr): Expr {
  const rest = sub(one, m);
  const u = sub(one, div(v, vj));
  // A power when it is none, so that the charge is seen to be linear; else one exponential for charge and capacitance.
  const share = select(m, exp(mul(rest, log(u))), pow(u, rest));
  const below = div(mul(vj, sub(one, share)), rest);
  const seam = mul(fc, vj);
  const left = sub(one, fc);
  const atSeam = div(mul(vj, sub(one, pow(left, rest))), rest);
  const f2 = pow(left, add(one, m));
  const f3 = sub(one, mul(fc, add(one, m)));
  const beyond = add(mul(f3, sub(v, seam)), mul(half(div(m, vj)), sub(square(v), square(seam))));
  return mul(cjo, select(lt(v, seam), below, add(atSeam, div(beyond, f2))));
}

/** is·exp((T/T₀ − 1)·eg/(n·Vt))·(T/T₀)^(xti/n) */
export function saturationCurrent(at: Place): Expr {
  const ratio = div(kelvin(at), nominalKelvin(at));
  const n = at.p('n');
  const gap = div(mul(sub(ratio, one), at.p('eg')), mul(n, thermalVoltage(at)));
  return mul(at.p('is'), exp(add(gap, mul(div(at.p('xti'), n), log(ratio)))));
}

/** Voltage of greatest curvature, vt·ln(vt/(√2·is)), above which Newton limits a junction. */
export const criticalVoltage = (vt: Expr, is: Expr): Expr =>
  mul(vt, log(div(vt, mul(sqrt(constant(2)), is))));

const REFERENCE = 300.15;

/** Band gap of silicon in V at T kelvin. */
const bandGap = (T: Expr): Expr =>
  sub(constant(1.16), div(mul(constant(7.02e-4), square(T)), add(T, constant(1108))));

/** −2·Vt·(1.5·ln(T/T_ref) + q·a(T)): how far the built-in potential departs from proportionality to T. */
function potentialShift(T: Expr): Expr {
  const vt = mul(constant(BOLTZMANN_OVER_CHARGE), T);
  const arg = sub(constant(1.1150877 / (2 * BOLTZMANN_OVER_CHARGE * REFERENCE)), half(div(bandGap(T), vt)));
  return neg(product(constant(2), vt, add(mul(constant(1.5), log(div(T, constant(REFERENCE)))), arg)));
}

/** vj and cjo at the device's temperature (SPICE3f5). */
export function junctionAtTemperature(at: Place): { vj: Expr; cjo: Expr } {
  const [T, T0] = [kelvin(at), nominalKelvin(at)];
  const reference = constant(REFERENCE);
  const m = at.p('m');
  const atReference = div(sub(at.p('vj'), potentialShift(T0)), div(T0, reference));
  const vj = add(potentialShift(T), mul(div(T, reference), atReference));
  const growth = (temperature: Expr, potential: Expr): Expr =>
    add(
      one,
      mul(
        m,
        sub(
          mul(constant(400e-6), sub(temperature, reference)),
          div(sub(potential, atReference), atReference),
        ),
      ),
    );
  return { vj, cjo: mul(at.p('cjo'), div(growth(T, vj), growth(T0, at.p('vj')))) };
}

/** Depletion charge of the junction with the parameters cjo, vj, m and fc of the device, at its temperature. */
export function junctionCharge(at: Place, v: Expr): Expr {
  const { vj, cjo } = junctionAtTemperature(at);
  return depletionCharge(v, cjo, vj, at.p('m'), at.p('fc'));
}

/** Parallel factor of a junction. */
export const area: ParameterDoc = {
  default: 1,
  unit: '1',
  above: 0,
  doc: 'area factor: multiplies currents and capacitances, divides rs',
  on: 'card',
};

/** `ON` and `OFF`, which SPICE takes as a hint for the first Newton iteration. */
export const off: ParameterDoc = {
  default: 0,
  unit: '',
  min: 0,
  max: 1,
  integer: true,
  doc: 'written OFF or ON: a hint for SPICE’s first iteration; the solution does not depend on it',
  on: 'card',
  trainable: false,
};

/** Conductance across a junction, which SPICE adds to every one; here only where it is asked for. */
export const leak: ParameterDoc = {
  default: 0,
  unit: 'S',
  min: 0,
  doc: 'conductance across the junction; .options gmin= writes it into every model without one',
  on: 'model',
  trainable: false,
};

/** gmin·v, where there is a gmin. */
export const leakage = (at: Place, v: Expr): Expr =>
  at.variant.includes('gmin') ? mul(at.p('gmin'), v) : constant(0);

export const leakVariant = (p: Given): string => (p.value('gmin') > 0 ? 'gmin' : '');

export const capacitanceParameters = (grading: number): Readonly<Record<string, ParameterDoc>> => ({
  cjo: {
    default: 0,
    unit: 'F',
    min: 0,
    doc: 'zero-bias junction capacitance',
    on: 'model',
    aliases: ['cj0', 'cj'],
  },
  vj: { default: 1, unit: 'V', above: 0, doc: 'built-in potential', on: 'model', aliases: ['pb'] },
  m: {
    default: grading,
    unit: '1',
    min: 0,
    max: 0.9,
    doc: 'grading coefficient',
    on: 'model',
    aliases: ['mj'],
  },
  fc: {
    default: 0.5,
    unit: '1',
    min: 0,
    max: 0.95,
    doc: 'fraction of vj above which the capacitance grows linearly',
    on: 'model',
  },
});

/** Name of the inner anode: a node of its own when there is a series resistance. */
export const innerAnode = (at: Place): string => (at.variant.includes('rs') ? 'inner' : 'anode');

export const seriesResistance: ParameterDoc = {
  default: 0,
  unit: 'Ω',
  min: 0,
  doc: 'series resistance',
  on: 'model',
};

/** The series resistance's node and current, when it is there; divided by the area. */
export function series(at: Place) {
  const inner = innerAnode(at);
  if (inner === 'anode') return { inner, nodes: [], flows: [] };
  const i = div(mul(at.p('area'), at.v('anode', inner)), at.p('rs'));
  return { inner, nodes: [inner], flows: [{ from: 'anode', to: inner, i }] };
}
