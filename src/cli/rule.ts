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
    const meant =
      code === 'unknown-rule' ? (stray(text) ?? didYouMean(text.toLowerCase(), names)) : undefined;
    throw inputError(code, `--rule ${text}: ${error.message}`, meant ?? hint);
  }
}

/** Of a variant that stands where a rule should. */
function stray(text: string): string | undefined {
  const [word] = text.trim().toLowerCase().split(':');
  const rule = RULES.find(({ variants = [] }) => variants.some((variant) => variant === word));
  return (
    rule && `a variant is joined to its rule by ":", as ${rule.name}:${word}; a comma begins another rule`
  );
}
