// Every rule by its name. A new rule is one file here and one line below.
import { LearningError } from '../../errors.js';
import type { Rule } from '../estimate.js';
import { adjointOverTime } from '../transient/adjoint.js';
import { differencesOverTime } from '../transient/differences.js';
import { alsoOverTime } from '../transient/over-time.js';
import { adjoint } from './adjoint.js';
import { asymmetric } from './asymmetric.js';
import { coupled } from './coupled.js';
import { differences } from './differences.js';
import { direct } from './direct.js';
import { equilibrium } from './equilibrium.js';
import { replay } from './replay.js';
import { stress } from './stress.js';

export const RULES: readonly Rule[] = [
  alsoOverTime(adjoint, adjointOverTime),
  direct,
  alsoOverTime(differences, differencesOverTime),
  equilibrium,
  asymmetric,
  coupled,
  stress,
  replay,
];

/** @throws LearningError `unknown-rule`, with the names there are. */
export function ruleByName(name: string): Rule {
  const rule = RULES.find((r) => r.name === name.toLowerCase());
  if (rule) return rule;
  throw new LearningError(`there is no rule ${name}`, {
    code: 'unknown-rule',
    devices: [],
    hint: `the rules are ${RULES.map((r) => r.name).join(', ')}`,
  });
}
