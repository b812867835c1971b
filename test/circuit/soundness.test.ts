// The quick test vouches for nothing that the thorough one would complain of.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/circuit/compile.js';
import { evidentlySound } from '../../src/circuit/soundness.js';
import { makeStructure } from '../../src/circuit/structure.js';
import { checkTopology } from '../../src/circuit/topology.js';
import { parseDeck } from '../../src/netlist/parse.js';

const circuitOf = (...cards: string[]) =>
  parseDeck(['title', ...cards, '.end'].join('\n'), { file: 'deck' }).circuit;

describe('a topology', () => {
  it.each([
    ['a floating node', 'C1 a b 1', 'C2 b 0 1', 'R1 a 0 1'],
    ['a loop of sources', 'V1 a 0 1', 'L1 a 0 1', 'R1 a 0 1'],
    ['a cut-set of current sources', 'I1 0 a 1', 'C1 a 0 1', 'R1 b 0 1', 'R2 b 0 1'],
    ['a dangling node', 'V1 a 0 1', 'R1 a b 1'],
    ['a shorted element', 'V1 a 0 1', 'R1 a a 1', 'R2 a 0 1'],
  ])('with %s is not vouched for, and the thorough test names the fault', (_, ...cards) => {
    const circuit = circuitOf(...cards);
    expect(evidentlySound(makeStructure(circuit, {}))).toBe(false);
    expect(checkTopology(circuit)).not.toHaveLength(0);
  });

  it.each(readdirSync('netlists').filter((f) => f.endsWith('.cir')))(
    'of netlists/%s has no faults by either test',
    (file) => {
      const { circuit } = parseDeck(readFileSync(`netlists/${file}`, 'utf8'), { file });
      expect(checkTopology(circuit).filter((d) => d.severity === 'error')).toEqual([]);
      if (evidentlySound(makeStructure(circuit, {})))
        expect(compile(circuit).warnings).toEqual(checkTopology(circuit));
    },
  );
});
