// The documentation that a device prints about itself.
import { expect, describe as group, test } from 'vitest';
import { cardSyntax, describe, describeWaveform, summaries } from '../../src/devices/describe.js';
import { deviceKinds, kindByName } from '../../src/devices/registry.js';
import { waveforms } from '../../src/devices/waveforms.js';

const syntax = (name: string): string => cardSyntax(kindByName(name)!);

test.each([
  ['voltage-source', 'Vname plus minus [dc] [AC acmag [acphase]] [waveform(…)]'],
  ['vcvs', 'Ename plus minus cplus cminus gain'],
  ['cccs', 'Fname plus minus Vname gain'],
  ['mutual-inductance', 'Kname Lname1 Lname2 k'],
  ['behavioural-current', 'Bname plus minus i={expression}'],
  ['current-switch', 'Wname plus minus Vname model [on|off]'],
  ['gyrator', 'Yname plus1 minus1 plus2 minus2 model [g=…]'],
])('the card of %s is %s', (name, line) => {
  expect(syntax(name)).toBe(line);
});

group.each(deviceKinds.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  const text = describe(kind);

  test('prints its card, its equations and every parameter with default, unit and line', () => {
    expect(text.startsWith(`${name}: ${kind.summary}`)).toBe(true);
    expect(text).toContain(cardSyntax(kind));
    expect(text).toContain(kind.doc);
    for (const [parameter, p] of Object.entries(kind.parameters)) {
      const row = text.split('\n').find((line) => new RegExp(`^  ${parameter}[ ,]`).test(line));
      expect(row, parameter).toContain(p.doc);
      expect(row).toContain(p.required ? 'required' : `${p.default ?? 'unset'}`);
    }
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  test('is one line of the summary', () => {
    expect(
      summaries()
        .split('\n')
        .filter((line) => line.includes(kind.summary)),
    ).toHaveLength(1);
  });
});

test('sources list their waveforms', () => {
  const text = describe(kindByName('current-source')!);
  for (const kind of waveforms.values()) expect(text).toContain(describeWaveform(kind));
  expect(text).toContain('PULSE(v1 v2 [td] [tr] [tf] [pw] [per] [np])');
  expect(text).toContain('PWL(t1 v1 …) [td=…] [r=…]');
});
