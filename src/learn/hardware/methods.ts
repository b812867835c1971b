// The rules as they stand on the bench: which phases they run, and how many copies of the circuit they need.
import { LearningError } from '../../errors.js';
import type { RuleOptions } from '../estimate.js';
import { RULES, ruleByName } from '../rules/registry.js';
import { type Pairing, usesCopy } from './copies.js';
import type { CostKind } from './kinds.js';
import type { Hardware } from './registry.js';

/** A rule with the variant that its name says. */
export interface Method {
  /** `equilibrium`, `equilibrium:one-sided`, … */
  readonly name: string;
  /** Name in the registry of rules. */
  readonly rule: string;
  /** Which phases are compared: nudged and free, nudged by ±β, or nudged round a circle in the complex plane. */
  readonly phases: 'one-sided' | 'centred' | 'holomorphic';
  /** What the rule is given, when its phases are not the bench's own. */
  readonly options: RuleOptions;
  /** It compares phases, of which some are nudged. */
  readonly nudges: boolean;
  /** Copies of the circuit that the gradient is read from. */
  readonly copies: 1 | 2;
  /** How the doubled circuit of two copies is made of them. */
  readonly pairing?: Pairing;
}

/** Step of `differences`: one that can be told from noise. */
const STEP = 0.01;

/** Rules in which a second copy of the circuit, or its transpose, carries the co-state. */
const TWO_COPIES: ReadonlySet<string> = new Set(['adjoint', 'stress', 'coupled']);

/** Rules that speak of other costs than those at rest. */
const BEYOND: Readonly<Record<Exclude<CostKind, 'op'>, ReadonlySet<string>>> = {
  tran: new Set(['adjoint', 'direct', 'differences', 'replay']),
  ac: new Set(['adjoint', 'direct', 'differences']),
};

const OBSTACLES = {
  tran: { code: 'cost-over-time', what: 'a cost over time' },
  ac: { code: 'cost-of-response', what: 'a cost of an AC response' },
} as const;

/** Whether a rule speaks of costs of all these kinds. */
export const speaksOf = ({ rule }: Pick<Method, 'rule'>, kinds: readonly CostKind[]): boolean =>
  kinds.every((kind) => kind === 'op' || BEYOND[kind].has(rule));

/** @throws LearningError `cost-over-time` or `cost-of-response` unless the method speaks of costs of all these kinds */
export function demandSpeech(method: Method, kinds: readonly CostKind[]): void {
  for (const kind of kinds) {
    if (kind === 'op' || BEYOND[kind].has(method.rule)) continue;
    const { code, what } = OBSTACLES[kind];
    const others = METHOD_NAMES.filter((name) => speaksOf(methodNamed(name), kinds));
    throw new LearningError(`${method.name} says nothing of ${what}`, {
      code,
      devices: [],
      hint: `take ${others.join(', ')}`,
    });
  }
}

/** Copies of the circuit that a gradient is read from: an error over time is played into the circuit itself, or into a copy. */
export const copiesOf = ({ rule, copies }: Method, hardware: Hardware, kinds: readonly CostKind[]): number =>
  rule === 'replay' && kinds.includes('tran') && usesCopy(hardware) ? 2 : copies;

const NUDGING: ReadonlySet<string> = new Set(['equilibrium', 'asymmetric', 'coupled', 'stress']);

/** What stands on the bench when nobody says: every rule of the registry, and variants that hardware tells apart. */
export const METHOD_NAMES: readonly string[] = [
  ...RULES.map(({ name }) => name),
  'equilibrium:one-sided',
  'equilibrium:holomorphic',
  'stress:split',
];

/**
 * A rule by its name, with words of variants after colons. Coupled learning compares a free circuit with a clamped twin
 * unless it is said to be centred.
 *
 * @throws LearningError `unknown-rule` or `unknown-variant`, or for phases that relax: here all do as `free` and `nudged` say
 */
export function methodNamed(name: string): Method {
  const [rule, ...words] = name.split(':');
  const { name: known } = ruleByName(name);
  if (words.includes('relax')) {
    throw new LearningError(`${name}: on the bench it is the hardware that says how phases settle`, {
      code: 'unknown-variant',
      devices: [],
      hint: `take ${rule}, with --set free=… and --set nudged=… in slowest time constants`,
    });
  }
  const says = (word: string): boolean => words.includes(word);
  const oneSided = says('one-sided') || (rule === 'coupled' && !says('centred'));
  const phases = oneSided ? 'one-sided' : says('holomorphic') ? 'holomorphic' : 'centred';
  return {
    name: known,
    rule,
    phases,
    options: { phases, step: STEP },
    nudges: NUDGING.has(rule),
    copies: TWO_COPIES.has(rule) ? 2 : 1,
    ...(rule === 'stress' ? { pairing: says('split') || says('x-z') ? 'x-z' : 'm-s' } : {}),
  };
}
