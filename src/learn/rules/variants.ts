// Words after a rule's name and the options that they stand for: `equilibrium:one-sided`, `stress:x-z:relax`.
import { LearningError } from '../../errors.js';
import type { Rule, RuleOptions, Variant } from '../estimate.js';
import { settleByRelaxing } from '../relax.js';

const OPTIONS: Readonly<Record<Variant, RuleOptions>> = {
  'one-sided': { phases: 'one-sided' },
  centred: { phases: 'centred' },
  holomorphic: { phases: 'holomorphic' },
  plain: { weights: 'plain' },
  skew: { weights: 'skew' },
  layer: { weights: 'layer' },
  'm-s': { form: 'm-s' },
  'x-z': { form: 'x-z' },
  split: { form: 'split' },
  relax: { settle: settleByRelaxing() },
};

/**
 * A rule with its variant words applied, under its whole name.
 *
 * @throws LearningError `unknown-variant`, with the words that the rule knows; `contradictory-variants` for two of a kind.
 */
export function variantOf(rule: Rule, words: readonly string[]): Rule {
  if (words.length === 0) return rule;
  const known = rule.variants ?? [];
  const chosen = words.map((word) => {
    const variant = known.find((v) => v === word);
    if (variant !== undefined) return OPTIONS[variant];
    throw new LearningError(`the rule ${rule.name} has no variant ${word}`, {
      code: 'unknown-variant',
      devices: [],
      hint:
        known.length > 0
          ? `write ${rule.name}, or ${rule.name}: and one or more of ${known.join(', ')}`
          : `write ${rule.name} alone`,
    });
  });
  for (const [k, option] of chosen.entries()) {
    const rival = chosen.findIndex((other) => Object.keys(option).some((key) => key in other));
    if (rival === k || words[rival] === words[k]) continue;
    throw new LearningError(`${rule.name} cannot be ${words[rival]} and ${words[k]} at once`, {
      code: 'contradictory-variants',
      devices: [],
      hint: `write ${rule.name}:${words[rival]} or ${rule.name}:${words[k]}`,
    });
  }
  const name = [rule.name, ...words].join(':');
  return {
    ...rule,
    name,
    estimate: (problem, sample, options) => ({
      ...rule.estimate(problem, sample, Object.assign({}, options, ...chosen)),
      rule: name,
    }),
  };
}
