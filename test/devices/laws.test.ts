// What must hold for every device of the registry, also for those that are written tomorrow.
import { describe, expect, test } from 'vitest';
import type { DeviceKind } from '../../src/devices/device.js';
import { deviceKinds, kindByName, kindsByLetter } from '../../src/devices/registry.js';
import { differentiator } from '../../src/expression/derivative.js';
import { evaluate } from '../../src/expression/evaluate.js';
import { bench, difference, randomPoint, seamsOf, seeded, writings } from './stand.js';

const each = deviceKinds.map((kind) => [kind.name, kind] as const);

describe('the registry', () => {
  test('has one kind per name and finds it by name and letter', () => {
    expect(new Set(deviceKinds.map((kind) => kind.name)).size).toBe(deviceKinds.length);
    for (const kind of deviceKinds) {
      expect(kindByName(kind.name)).toBe(kind);
      expect(kindsByLetter(kind.letter)).toContain(kind);
      expect(kind.letter).toMatch(/^[a-z]$/);
    }
    expect(kindByName('flux-capacitor')).toBeUndefined();
    expect(kindsByLetter('#')).toEqual([]);
  });

  test('kinds of one letter can be told apart', () => {
    const signature = (kind: DeviceKind): string =>
      kind.card.whenExpression
        ? `expression ${kind.card.expressions?.join()}`
        : kind.card.model === 'required'
          ? `model ${kind.modelTypes?.join()}`
          : 'plain';
    for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
      const found = kindsByLetter(letter).map(signature);
      expect(new Set(found).size, letter).toBe(found.length);
    }
    const types = deviceKinds.flatMap((kind) => kind.modelTypes ?? []);
    expect(new Set(types).size).toBe(types.length);
  });
});

describe.each(each)('%s is documented:', (_, kind) => {
  test('what it is, its equations, each parameter with a unit, a line and a default within its bounds', () => {
    expect(kind.summary.length).toBeGreaterThan(10);
    expect(kind.doc).toMatch(/[=∝]|is an expression|row/);
    for (const [name, p] of Object.entries(kind.parameters)) {
      expect(name).toBe(name.toLowerCase());
      expect(p.doc.length, name).toBeGreaterThan(2);
      if (!p.integer) expect(p.unit.length, name).toBeGreaterThan(0);
      if (typeof p.default === 'string') expect(kind.parameters).toHaveProperty(p.default);
      if (typeof p.default === 'number') {
        expect(p.default).toBeGreaterThanOrEqual(p.min ?? Number.NEGATIVE_INFINITY);
        expect(p.default).toBeLessThanOrEqual(p.max ?? Number.POSITIVE_INFINITY);
        if (p.above !== undefined) expect(p.default).toBeGreaterThan(p.above);
        if (p.nonzero) expect(p.default).not.toBe(0);
      }
      expect(p.required && p.default !== undefined).toBeFalsy();
    }
    const { positional, expressions, flags, lists } = kind.card;
    const named = [
      ...(positional ?? []),
      ...(expressions ?? []),
      ...Object.values(flags ?? {}).flatMap((sets) => Object.keys(sets)),
      ...Object.values(lists ?? {}).flat(),
    ];
    for (const name of named) expect(kind.parameters).toHaveProperty(name);
    const spelled = Object.entries(kind.parameters).flatMap(([name, p]) => [name, ...(p.aliases ?? [])]);
    expect(new Set(spelled).size).toBe(spelled.length);
    if (kind.card.model) expect(kind.modelTypes?.length).toBeGreaterThan(0);
  });
});

describe.each(each)('the law of %s', (_, kind) => {
  const benches = writings(kind).map((written) => bench(kind, written));

  test('speaks only of places and unknowns that it declares', () => {
    expect(benches.length).toBeGreaterThan(0);
    for (const { law, rows, locals } of benches) {
      const inputs = [law.source, ...Object.keys(law.delays ?? {}), ...Object.keys(law.modes ?? {})];
      for (const row of rows.keys()) if (!row.startsWith('c:')) expect(locals).toContain(row);
      for (const name of locals) {
        if (name.startsWith('u:')) expect(inputs).toContain(name.slice(2));
        if (name.startsWith('v:')) expect([...kind.pins, ...(law.nodes ?? [])]).toContain(name.slice(2));
      }
      for (const unknown of Object.keys(law.unknowns ?? {}))
        expect([...rows.keys()]).toContain(`x:${unknown}`);
      for (const { parameter } of law.initial ?? []) expect(kind.parameters).toHaveProperty(parameter);
    }
  });

  test('has partials that are the slopes of what it computes, by every local and every parameter', () => {
    const random = seeded(11);
    for (const b of benches) {
      for (const scale of [0.05, 0.8, 2]) {
        const lookup = b.lookup({ ...randomPoint(b.locals, random, scale), time: random() });
        for (const { f, q } of b.rows.values()) {
          for (const e of [f, q]) {
            const size = Math.abs(evaluate(e, lookup));
            for (const name of [...b.locals, ...b.parameters]) {
              const slope = evaluate(differentiator(name)(e), lookup);
              const unit = name.startsWith('p:') ? Math.abs(lookup(name)) || 0.1 : 0.1;
              const off = Math.abs(slope - difference(e, name, lookup));
              expect(off, `∂/∂${name} = ${slope}`).toBeLessThanOrEqual(
                1e-7 * (Math.abs(slope) + size / unit),
              );
            }
          }
        }
      }
    }
  });

  test('is C¹ where its pieces meet', () => {
    const random = seeded(13);
    for (const b of benches) {
      for (const e of [...b.rows.values()].flatMap(({ f, q }) => [f, q])) {
        for (const seam of seamsOf(e)) {
          const [from, to] = [randomPoint(b.locals, random, 3), randomPoint(b.locals, random, 3)];
          const at = (s: number) =>
            b.lookup(Object.fromEntries(b.locals.map((n) => [n, from[n] + s * (to[n] - from[n])])));
          const side = (s: number): number => evaluate(seam, at(s));
          for (let k = 0; k < 200; k++) {
            let [low, high] = [k / 200, (k + 1) / 200];
            if (side(low) * side(high) > 0) continue;
            for (let n = 0; n < 60; n++) {
              const middle = (low + high) / 2;
              if (side(low) * side(middle) <= 0) high = middle;
              else low = middle;
            }
            const [before, after] = [at(low - 1e-12), at(high + 1e-12)];
            const size = Math.abs(evaluate(e, before));
            expect(Math.abs(evaluate(e, after) - evaluate(e, before))).toBeLessThanOrEqual(1e-8 * size);
            for (const name of b.locals) {
              const d = differentiator(name)(e);
              const slope = evaluate(d, before);
              expect(Math.abs(evaluate(d, after) - slope), name).toBeLessThanOrEqual(1e-7 * Math.abs(slope));
            }
          }
        }
      }
    }
  });

  test('does not change when all its nodes are lifted together, and conserves current', () => {
    const random = seeded(17);
    for (const b of benches) {
      if (b.law.flows?.some((flow) => flow.from === '0' || flow.to === '0')) continue;
      const x = randomPoint(b.locals, random, 0.7);
      const lifted = Object.fromEntries(
        Object.entries(x).map(([name, value]) => [name, name.startsWith('v:') ? value + 1 : value]),
      );
      let total = 0;
      let size = 1e-30;
      for (const [row, { f, q }] of b.rows) {
        for (const e of [f, q]) {
          const value = evaluate(e, b.lookup(x));
          const scale = b.locals.map((n) => Math.abs(evaluate(differentiator(n)(e), b.lookup(x))));
          expect(Math.abs(evaluate(e, b.lookup(lifted)) - value)).toBeLessThanOrEqual(
            1e-13 * (Math.abs(value) + Math.max(0, ...scale)),
          );
          if (row.startsWith('v:')) {
            total += value;
            size += Math.abs(value);
          }
        }
      }
      expect(Math.abs(total)).toBeLessThanOrEqual(1e-14 * size);
    }
  });

  test('limits junctions at a finite voltage', () => {
    for (const b of benches) {
      for (const { of, thermal, critical } of b.limited) {
        const lookup = b.lookup(randomPoint(b.locals, seeded(3), 1));
        expect(Number.isFinite(evaluate(of, lookup))).toBe(true);
        expect(evaluate(thermal, lookup)).toBeGreaterThan(0);
        expect(Number.isFinite(evaluate(critical, lookup))).toBe(true);
      }
    }
  });
});
