import { describe, expect, it } from 'vitest';
import type { Circuit, Element } from '../../src/circuit/circuit.js';
import { checkTopology } from '../../src/circuit/topology.js';
import { constant, mul, sub } from '../../src/expression/build.js';
import { symbol } from '../../src/expression/expression.js';

const none = new Map();
const circuit = (...elements: Element[]): Circuit => ({
  title: 'test',
  elements,
  models: new Map([
    ['sw1', { name: 'sw1', type: 'sw', values: {} }],
    ['dio', { name: 'dio', type: 'd', values: { rs: 1, cjo: 1e-12 } }],
    ['cell', { name: 'cell', type: 'fhn', values: {} }],
    ['gy', { name: 'gy', type: 'gyrator', values: {} }],
    ['tr', { name: 'tr', type: 'transformer', values: {} }],
  ]),
  parameters: none,
  temperature: 27,
  nominalTemperature: 27,
  initialConditions: none,
  nodesets: none,
});
const element = (kind: string, name: string, nodes: string, rest: Partial<Element> = {}): Element => ({
  kind,
  name,
  nodes: nodes.split(' '),
  values: {},
  ...rest,
});
const R = (name: string, nodes: string) => element('resistor', name, nodes, { values: { r: 1 } });
const C = (name: string, nodes: string) => element('capacitor', name, nodes, { values: { c: 1 } });
const L = (name: string, nodes: string) => element('inductor', name, nodes, { values: { l: 1 } });
const V = (name: string, nodes: string) => element('voltage-source', name, nodes, { values: { dc: 1 } });
const I = (name: string, nodes: string) => element('current-source', name, nodes, { values: { dc: 1 } });
const codes = (c: Circuit, start: 'dc' | 'uic' = 'dc') => checkTopology(c, { start }).map((d) => d.code);
const only = (c: Circuit) => {
  const found = checkTopology(c);
  expect(found).toHaveLength(1);
  return found[0];
};

describe('a sound circuit', () => {
  it('has nothing to complain about', () => {
    expect(checkTopology(circuit(V('v1', 'a 0'), R('r1', 'a b'), C('c1', 'b 0'), L('l1', 'b 0')))).toEqual(
      [],
    );
  });

  it('may be held by a diode, a switch, a line or a membrane alone', () => {
    const c = circuit(
      V('v1', 'a 0'),
      C('c1', 'a b'),
      element('diode', 'd1', 'b 0', { model: 'dio' }),
      element('voltage-switch', 's1', 'e 0 a 0', { model: 'sw1' }),
      C('c2', 'e a'),
      element('line', 't1', 'a 0 f 0', { values: { z0: 50, td: 1e-9 } }),
      C('c3', 'f 0'),
      element('fitzhugh-nagumo', 'n1', 'v w', { model: 'cell' }),
      C('c4', 'v a'),
    );
    expect(codes(c)).toEqual([]);
  });

  it('may hold a node by a current that depends on the node’s own voltage', () => {
    const own = element('behavioural-current', 'b1', 'a 0', {
      expressions: { i: mul(symbol('v(a)'), symbol('v(a)')) },
    });
    expect(codes(circuit(own, C('c1', 'a 0')))).toEqual([]);
    const resistive = element('vccs', 'g1', 'a 0 a 0', { values: { gain: 1 } });
    expect(codes(circuit(resistive, C('c1', 'a 0')))).toEqual([]);
  });

  it('may hold two nodes by a gyrator between them, each by the other’s voltage', () => {
    expect(
      codes(circuit(C('c1', 'a 0'), C('c2', 'b 0'), element('gyrator', 'y1', 'a 0 b 0', { model: 'gy' }))),
    ).toEqual([]);
    const there = element('vccs', 'g1', 'b 0 a 0', { values: { gain: 1 } });
    const back = element('vccs', 'g2', '0 a b 0', { values: { gain: 1 } });
    expect(codes(circuit(C('c1', 'a 0'), C('c2', 'b 0'), there, back))).toEqual([]);
  });
});

describe('a floating node', () => {
  it('behind a capacitor is named with what leads there', () => {
    const d = only(circuit(V('v1', 'a 0'), C('c1', 'a b'), C('c2', 'b 0')));
    expect(d).toMatchObject({ severity: 'error', code: 'floating-node' });
    expect(d.message).toBe('node b has no DC path to ground; only c1 and c2 lead away from it');
  });

  it('is no error when the run starts from given voltages', () => {
    expect(codes(circuit(V('v1', 'a 0'), C('c1', 'a b'), C('c2', 'b 0')), 'uic')).toEqual([]);
  });

  it('can be a whole island: the far side of an ungrounded transformer', () => {
    const c = circuit(
      V('v1', 'a 0'),
      element('transformer', 'y1', 'a 0 p q', { model: 'tr' }),
      R('r1', 'p q'),
    );
    expect(only(c).message).toMatch(/^nodes p and q have no DC path to ground/);
  });

  it('is not mended by the inside of a diode', () => {
    const c = circuit(
      V('v1', 'a 0'),
      C('c1', 'a b'),
      element('diode', 'd1', 'b c', { model: 'dio' }),
      C('c2', 'c 0'),
    );
    expect(only(c).message).toMatch(/^nodes b and c have no DC path to ground/);
  });

  it('is a control that nothing drives', () => {
    const c = circuit(element('vcvs', 'e1', 'a 0 b 0', { values: { gain: 1 } }), R('r1', 'a 0'));
    expect(only(c).message).toMatch(/^node b has no DC path to ground/);
  });
});

describe('a cut-set of current sources', () => {
  it('is two in series', () => {
    const d = only(circuit(I('i1', '0 a'), I('i2', 'a 0')));
    expect(d).toMatchObject({ severity: 'error', code: 'current-cutset' });
    expect(d.message).toContain('node a is connected to the rest of the circuit only through i1 and i2');
  });

  it('is a current source that feeds a capacitor at DC, but not from a given voltage', () => {
    const c = circuit(I('i1', '0 a'), C('c1', 'a 0'));
    expect(codes(c)).toEqual(['current-cutset']);
    expect(codes(c, 'uic')).toEqual([]);
  });

  it('holds a group of nodes joined by resistors', () => {
    const c = circuit(I('i1', '0 a'), R('r1', 'a b'), I('i2', 'b 0'));
    expect(only(c).message).toContain(
      'nodes a and b are connected to the rest of the circuit only through i1 and i2',
    );
  });

  it('can be a controlled source whose output nothing measures', () => {
    const c = circuit(
      V('v1', 'a 0'),
      element('behavioural-current', 'b1', '0 b', { expressions: { i: sub(symbol('v(a)'), constant(1)) } }),
      C('c1', 'b 0'),
    );
    expect(codes(c)).toEqual(['current-cutset']);
    const g = element('vccs', 'g1', 'b 0 a 0', { values: { gain: 1 } });
    expect(codes(circuit(V('v1', 'a 0'), g, C('c1', 'b 0')))).toEqual(['current-cutset']);
  });
});

describe('a loop of voltage sources', () => {
  it('names its elements in the order of the loop', () => {
    const d = only(circuit(V('v1', 'a 0'), V('v2', 'b a'), R('r1', 'b 0'), V('v3', 'c b'), V('v4', 'c 0')));
    expect(d).toMatchObject({ severity: 'error', code: 'voltage-loop' });
    expect(d.message).toBe('loop of voltage sources: v4 – v1 – v2 – v3');
  });

  it('counts inductors at DC, and says why; not from given currents', () => {
    const c = circuit(V('v1', 'a 0'), L('l1', 'a b'), L('l2', 'b 0'));
    expect(only(c).message).toBe(
      'loop of voltage sources: l2 – v1 – l1 (at DC an inductor is a short circuit)',
    );
    expect(codes(c, 'uic')).toEqual([]);
  });

  it('counts controlled and behavioural voltage sources', () => {
    const e = element('vcvs', 'e1', 'a 0 c 0', { values: { gain: 2 } });
    const b = element('behavioural-voltage', 'b1', 'a 0', { expressions: { v: symbol('time') } });
    expect(codes(circuit(e, V('v1', 'a 0'), V('v2', 'c 0')))).toEqual(['voltage-loop']);
    expect(codes(circuit(b, V('v1', 'a 0')))).toEqual(['voltage-loop']);
  });

  it('can be one source with both ends on one node', () => {
    expect(only(circuit(V('v1', 'a a'), R('r1', 'a 0'))).message).toBe(
      'both ends of voltage source v1 are on node a',
    );
  });

  it('does not take an ideal transformer for a fixed voltage', () => {
    const c = circuit(
      V('v1', 'a 0'),
      element('transformer', 'y1', 'a 0 p 0', { model: 'tr' }),
      R('r1', 'p 0'),
    );
    expect(codes(c)).toEqual([]);
  });
});

describe('smaller slips', () => {
  it('a circuit without ground', () => {
    expect(only(circuit(V('v1', 'a b'), R('r1', 'a b'))).code).toBe('no-ground');
  });

  it('a node with one connection is doubtful, and so is an element with all its pins on one node', () => {
    const found = checkTopology(circuit(V('v1', 'a 0'), R('r1', 'a b'), R('r2', 'a a')));
    expect(found.map((d) => [d.severity, d.code])).toEqual([
      ['warning', 'shorted-element'],
      ['warning', 'single-connection'],
    ]);
    expect(found[1].message).toBe('node b has a single connection, to r1');
  });

  it('a node read by an expression is connected to it', () => {
    const b = element('behavioural-voltage', 'b1', 'c 0', { expressions: { v: symbol('v(b)') } });
    expect(codes(circuit(V('v1', 'a 0'), R('r1', 'a b'), b, R('r2', 'c 0')))).toEqual([]);
  });

  it('a behavioural voltage alone on its node is a reading of something else', () => {
    const b = element('behavioural-voltage', 'b1', 'c 0', { expressions: { v: symbol('v(b)') } });
    expect(codes(circuit(V('v1', 'a 0'), R('r1', 'a b'), R('r2', 'b 0'), b))).toEqual([]);
  });

  it('a thousand floating nodes are told in a dozen messages', () => {
    const many = Array.from({ length: 1000 }, (_, k) => [
      C(`c${k}`, `a n${k}`),
      C(`d${k}`, `n${k} 0`),
    ]).flat();
    const found = checkTopology(circuit(V('v1', 'a 0'), ...many));
    expect(found).toHaveLength(12);
    expect(found[11].message).toMatch(/and 988 more groups like it/);
  });
});
