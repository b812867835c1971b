// The rules as they stand on the bench: which phases they run, and how many copies of the circuit they need.

import type { RuleOptions } from '../estimate.js';
import { RULES } from '../rules/registry.js';
import type { Pairing } from './copies.js';

/** A rule with the options that make it what its name says. */
export interface Method {
  readonly name: string;
  /** Name in the registry of rules. */
  readonly rule: string;
  readonly options: RuleOptions;
  /** Copies of the circuit that the gradient is read from. */
  readonly copies: 1 | 2;
  /** How the doubled circuit of two copies is made of them. */
  readonly pairing?: Pairing;
}

const VARIANTS: readonly Method[] = [
  { name: 'one-sided', rule: 'equilibrium', options: { phases: 'one-sided' }, copies: 1 },
  { name: 'split', rule: 'stress', options: { form: 'split' }, copies: 2, pairing: 'x-z' },
];

/**
 * Rules that stand on the bench in a form of their own: coupled learning compares a free circuit with a clamped twin, and
 * differences are those of devices that are moved by steps which can be told from noise.
 */
const FORMS: ReadonlyMap<string, RuleOptions> = new Map<string, RuleOptions>([
  ['coupled', { phases: 'one-sided' }],
  ['differences', { step: 0.01 }],
]);

/** Rules in which a second copy of the circuit, or its transpose, carries the co-state. */
const TWO_COPIES: ReadonlySet<string> = new Set(['adjoint', 'stress', 'coupled']);

/** Every rule of the registry, and variants of `equilibrium` and `stress`. */
export const METHODS: readonly Method[] = [
  ...RULES.map(
    ({ name }): Method => ({
      name,
      rule: name,
      options: FORMS.get(name) ?? {},
      copies: TWO_COPIES.has(name) ? 2 : 1,
      ...(name === 'stress' ? { pairing: 'm-s' } : {}),
    }),
  ),
  ...VARIANTS,
];
