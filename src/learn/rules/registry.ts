// Every rule by its name. A new rule is one file here and one line below.
import { LearningError } from '../../errors.js';
import type { Rule } from '../estimate.js';
import { adjointOfResponse } from '../response/adjoint.js';
import { differencesOfResponse } from '../response/differences.js';
import { directOfResponse } from '../response/direct.js';
import { adjointOverTime } from '../transient/adjoint.js';
import { differencesOverTime } from '../transient/differences.js';
import { directOverTime } from '../transient/direct.js';
import { adjoint } from './adjoint.js';
import { asymmetric } from './asymmetric.js';
import { coupled } from './coupled.js';
import { differences } from './differences.js';
import { direct } from './direct.js';
import { equilibrium } from './equilibrium.js';
import { alsoBeyond } from './parts.js';
import { replay } from './replay.js';
import { stress } from './stress.js';
import { variantOf } from './variants.js';

/** Every rule, the exact ones first. */
export const RULES: readonly Rule[] = [
  alsoBeyond(adjoint, { overTime: adjointOverTime, ofResponse: adjointOfResponse }),
  alsoBeyond(direct, { overTime: directOverTime, ofResponse: directOfResponse }),
  alsoBeyond(differences, { overTime: differencesOverTime, ofResponse: differencesOfResponse }),
  equilibrium,
  asymmetric,
  coupled,
  stress,
  replay,
];

/**
 * A rule by its name, with the words of its variants after colons: `equilibrium`, `equilibrium:one-sided:relax`.
 *
 * @throws LearningError `unknown-rule` or `unknown-variant`, with the names there are; `contradictory-variants`.
 */
export function ruleByName(name: string): Rule {
  const [first, ...words] = name.toLowerCase().split(':');
  const rule = RULES.find((r) => r.name === first);
  if (rule) return variantOf(rule, words);
  throw new LearningError(`there is no rule ${first}`, {
    code: 'unknown-rule',
    devices: [],
    hint: `the rules are ${RULES.map((r) => r.name).join(', ')}`,
  });
}
