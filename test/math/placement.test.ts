import { describe, expect, it } from 'vitest';
import { CONSTANT, NOWHERE, type Placement, type Places, placeEntries } from '../../src/math/placement.js';
import { noise } from './matrices.js';

const frame = { n: 30, size: 40, nowhere: 39, constant: 38 };
const next = noise(3);
const things: Places = {
  stride: 3,
  index: Int32Array.from({ length: 300 }, () => Math.floor(next() * 40)),
  rows: Int32Array.of(0, 1, NOWHERE, 2),
  columns: Int32Array.of(1, CONSTANT, 0, 2),
};

const at = (places: Places, thing: number, position: number): number =>
  position === NOWHERE
    ? frame.nowhere
    : position === CONSTANT
      ? frame.constant
      : places.index[thing * places.stride + position];

/** (row, column) of every slot but the last. */
function entriesOf({ pattern, borderRow, borderCol }: Placement): string[] {
  const inside = Array.from({ length: pattern.n }, (_, c) =>
    Array.from(pattern.rowIdx.subarray(pattern.colPtr[c], pattern.colPtr[c + 1]), (r) => `${r},${c}`),
  ).flat();
  return [...inside, ...Array.from(borderRow, (r, k) => `${r},${borderCol[k]}`)];
}

describe.each([
  ['a few hundred', 1],
  ['thousands, which kernels place', 20],
])('entries of like things, %s', (_, times) => {
  const placement = placeEntries(frame, new Array<Places>(times).fill(things));
  const entries = entriesOf(placement);

  it('have one slot for one place, and the last one for what is nowhere', () => {
    expect(new Set(entries).size).toBe(entries.length);
    for (const slots of placement.slots) {
      slots.forEach((slot, e) => {
        const [thing, t] = [Math.floor(e / 4), e % 4];
        const row = at(things, thing, things.rows[t]);
        const col = at(things, thing, things.columns[t]);
        const isNowhere = row === frame.nowhere || col === frame.nowhere;
        expect(slot).toBe(isNowhere ? entries.length : entries.indexOf(`${row},${col}`));
      });
    }
  });

  it('share their matrix with a full diagonal', () => {
    expect(Array.from(placement.diagonal, (slot) => entries[slot])).toEqual(
      Array.from({ length: frame.n }, (_, k) => `${k},${k}`),
    );
  });

  it('number the border as they come, whoever places them', () => {
    const { borderRow, borderCol } = placeEntries(frame, [things]);
    expect(placement.borderRow).toEqual(borderRow);
    expect(placement.borderCol).toEqual(borderCol);
    expect(borderRow.some((row) => row < frame.n) && borderCol.some((col) => col < frame.n)).toBe(true);
  });
});

it('things without entries leave the diagonal alone', () => {
  const none = { stride: 0, index: new Int32Array(0), rows: new Int32Array(0), columns: new Int32Array(0) };
  const { pattern, slots } = placeEntries(frame, [none]);
  expect(pattern.nnz).toBe(frame.n);
  expect(slots).toEqual([new Int32Array(0)]);
});
