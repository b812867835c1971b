import { describe, expect, it } from 'vitest';
import { fhnChain } from '../../circuits/fhn-chain.js';
import type { Element, Model } from '../../src/circuit/circuit.js';
import { parseDeck } from '../../src/netlist/parse.js';
import { deckText } from '../netlists/run.js';

const bare = <T extends Element | Model>({ span: _, ...rest }: T) => rest;

describe('the FitzHugh–Nagumo chain in code', () => {
  it('is the one of netlists/fhn-chain.cir, element by element', () => {
    const { circuit } = parseDeck(deckText('fhn-chain'));
    const built = fhnChain();
    expect(built.elements.map(bare)).toEqual(circuit.elements.map(bare));
    expect([...built.models.values()].map(bare)).toEqual([...circuit.models.values()].map(bare));
  });

  it('has as many cells as it is asked for', () => {
    const count = (cells: number) =>
      fhnChain({ cells }).elements.filter((e) => e.kind === 'fitzhugh-nagumo').length;
    expect([1, 7, 100].map(count)).toEqual([1, 7, 100]);
  });
});
