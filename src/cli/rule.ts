// The name of a learning rule on the command line, its variants after colons.
import { LearningError } from '../errors.js';
import { didYouMean } from '../expression/suggest.js';
import type { Rule } from '../learn/estimate.js';
import { RULES, ruleByName } from '../learn/rules/registry.js';
import { inputError } from './errors.js';

/** @throws InputError for a name that is no rule, or a word that is none of its variants */
export function readRule(text: string): Rule {
  try {
    return ruleByName(text.trim());
  } catch (error) {
    if (!(error instanceof LearningError)) throw error;
    const { code, hint } = error.obstacle;
    const names = RULES.map((rule) => rule.name);
    const meant = code === 'unknown-rule' ? didYouMean(text.toLowerCase(), names) : undefined;
    throw inputError(code, `--rule ${text}: ${error.message}`, meant ?? hint);
  }
}
