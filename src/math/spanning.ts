// Whether links of many like things join places to one root, without loops among those that must not close any.
import { disjointSets } from './disjoint.js';
import { NOWHERE } from './placement.js';
import { scratch } from './scratch.js';

/** Links between positions `from` and `to` of many things, each of which stands at `index[k·stride …]`; NOWHERE is the root. */
export interface Links {
  readonly stride: number;
  readonly index: Int32Array;
  readonly from: number;
  readonly to: number;
  /** `parts`: joins nothing, but has two ends all the same; `ties`: must close no loop with others that tie. */
  readonly hold: 'joins' | 'ties' | 'parts';
}

/** With so many places kernels are sooner done than loops that nothing has made fast yet. */
const MANY = 2000;

/**
 * Whether the links leave every place that is asked for in one set with the root, each having two ends that differ, and no
 * two of those that tie closing a loop.
 * @param size of all places, which are numbered from 0
 */
export function isSpanned(size: number, root: number, links: readonly Links[], asked: Int32Array): boolean {
  return size < MANY ? fewSpanned(size, root, links, asked) : manySpanned(size, root, links, asked);
}

function fewSpanned(size: number, root: number, links: readonly Links[], asked: Int32Array): boolean {
  const held = disjointSets(size);
  const tied = disjointSets(size);
  for (const { stride, index, from, to, hold } of links) {
    for (let first = 0; first < index.length; first += stride) {
      const a = from === NOWHERE ? root : index[first + from];
      const b = to === NOWHERE ? root : index[first + to];
      if (a === b || (hold === 'ties' && !tied.join(a, b))) return false;
      if (hold !== 'parts') held.join(a, b);
    }
  }
  return asked.every((place) => held.find(place) === held.find(root));
}

function manySpanned(size: number, root: number, links: readonly Links[], asked: Int32Array): boolean {
  const longest = links.reduce((most, { index }) => Math.max(most, index.length), asked.length);
  const at = scratch(4 * (3 * size + longest) + 80);
  const { kernels } = at;
  const sets = (): number => {
    const parent = at.integers(size);
    for (let k = 0; k < size; k++) parent[k] = k;
    return parent.byteOffset;
  };
  const [held, tied, parted] = [sets(), sets(), sets()];
  const places = at.integers(longest);
  const join = (into: number, { stride, index, from, to }: Links): number =>
    kernels.joinAll(into, index.length / stride, stride, places.byteOffset, from, to, root);
  for (const link of links) {
    places.set(link.index);
    if (join(link.hold === 'parts' ? parted : held, link) === 2) return false;
    if (link.hold === 'ties' && join(tied, link) !== 0) return false;
  }
  places.set(asked);
  return Boolean(kernels.areWith(held, asked.length, places.byteOffset, root));
}
