// Decks with a few things wrong: words, lines and characters lost, doubled, exchanged, or put where they do not belong.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fhnChain } from './decks.js';

/** Numbers in [0, 1) from a 32-bit counter through a mixing function (Weyl sequence and a finaliser after Steele). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
  };
}

const folder = (path: string): readonly string[] =>
  readdirSync(path)
    .filter((name) => name.endsWith('.cir'))
    .sort()
    .map((name) => readFileSync(join(path, name), 'utf8'));

/** Decks that are sound, all small. */
export const soundDecks = (): readonly string[] => [
  ...folder('netlists'),
  ...folder(join('test', 'bench', 'decks')),
  fhnChain(3),
];

const STRANGE = [
  ...[
    '0',
    '-1',
    '1e999',
    '-1e-400',
    'nan',
    'inf',
    '1e',
    '.5.',
    '1meg',
    '1e308',
    '1e-308',
    '4294967296',
    '-0',
  ],
  ...[
    '{',
    '}',
    "'",
    '"',
    '(',
    ')',
    '=',
    ',',
    '+',
    '*',
    '^',
    '**',
    '?',
    ':',
    '<',
    '&&',
    '\\',
    '/',
    '%',
    '~',
    '@',
  ],
  ...['.end', '.ends', '.subckt', '.model', '.param', '.tran', '.ac', '.dc', '.step', '.include', '.control'],
  ...['.data', '.meas', '.func', '.options', '.ic', '.nodeset', '.global', '.save', '.temp', '.op', '.endc'],
  ...['.train', '.cost op', '.cost tran', 'target=', 'at=', 'weight=', 'min=', 'log'],
  ...['V(', 'V(a,b)', 'I(v1)', 'time', 'temper', 'if(', 'constructor', '__proto__', 'process', 'toString'],
  ...[
    'x',
    'a',
    'gnd',
    'uic',
    'pulse(',
    'pwl(',
    'sin(',
    'dec',
    'list',
    'data=',
    'ac',
    'dc',
    'reltol=0',
    'td=0',
  ],
  ...[
    '{1/0}',
    '{0/0}',
    '{sqrt(-1)}',
    '{x}',
    '{1',
    "'2*3'",
    '\0',
    '\uFEFF',
    '\u00b5',
    '\ud800',
    '\t',
    '\r',
    '😀',
  ],
  'n'.repeat(5000),
  '('.repeat(3000),
  '-'.repeat(3000),
];

/** Mutant number `index`: always the same text for the same decks. */
export function mutant(decks: readonly string[], index: number): string {
  const random = randomFrom(Math.imul(index, 0x27d4eb2f) ^ index);
  const below = (n: number) => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)];
  let text = pick(decks);
  for (let k = 1 + below(4); k > 0; k--) text = damage(text);
  return text;

  function damage(sound: string): string {
    const kind = below(12);
    if (kind < 3) return damageCharacter(sound);
    if (kind < 8) return damageWord(sound);
    if (kind < 11) return damageLine(sound);
    return sound.slice(0, below(sound.length + 1));
  }

  function damageCharacter(sound: string): string {
    const at = below(sound.length + 1);
    const other = String.fromCharCode(random() < 0.9 ? 32 + below(95) : below(0x10000));
    const gone = below(3) > 0 ? 1 : 0;
    return sound.slice(0, at) + (below(3) > 0 ? other : '') + sound.slice(at + gone);
  }

  function damageWord(sound: string): string {
    const words = sound.split(/([\s=(),]+)/);
    const at = 2 * below((words.length + 1) >> 1);
    switch (below(5)) {
      case 0:
        words[at] = '';
        break;
      case 1:
        words[at] = `${words[at]} ${words[at]}`;
        break;
      case 2:
        words[at] = words[2 * below((words.length + 1) >> 1)];
        break;
      case 3:
        words[at] = pick(STRANGE);
        break;
      default:
        words[at] = `${words[at]}${pick(STRANGE)}`;
    }
    return words.join('');
  }

  function damageLine(sound: string): string {
    const lines = sound.split('\n');
    const at = below(lines.length);
    switch (below(4)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(at, 0, lines[below(lines.length)]);
        break;
      case 2:
        lines.splice(at, 0, pick(pick(decks).split('\n')));
        break;
      default:
        lines[at] = `${pick(['+', '*', '.', ';', '$ '])}${lines[at]}`;
    }
    return lines.join('\n');
  }
}
