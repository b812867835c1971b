// Approximate minimum degree (Amestoy, Davis & Duff, SIAM J. Matrix Anal. Appl. 17, 1996): elimination on the quotient
// graph, whose elements stand for the cliques that eliminated variables leave, and whose supervariables stand for
// variables that have become indistinguishable. A degree counts neighbours, cliques' overlaps counted once too often.
import { levelOrder, postorder } from './eliminationtree';
import { fillInts, int, setInt, takeInts } from './memory';

/** Marks an index that stands where a list's first entry was. */
@inline function flip(i: i32): i32 {
  return -i - 2;
}

let size: i32 = 0;
/** Lists of variable i: `elements[i]` elements, then variables; of an element: variables. */
let start: usize = 0;
let length: usize = 0;
let elements: usize = 0;
let list: usize = 0;
let free: i32 = 0;
/** Variables that a supervariable stands for; 0: gone into another; negative: member of the element in the making. */
let weight: usize = 0;
let degree: usize = 0;
let head: usize = 0;
let next: usize = 0;
let previous: usize = 0;
let parent: usize = 0;
let mark: usize = 0;
let stamp: i32 = 0;
/** Which list a variable stands in: that of its degree, or the last one, of those that wait for the next round. */
let shelf: usize = 0;
/** Longest way of an element down to a leaf of the elimination tree, in variables. */
let height: usize = 0;
/** The longest of them, and the entries of L, of the order made last. */
export let tallest: i32 = 0;
export let entries: f64 = 0;

function unlink(i: i32): void {
  const after = int(next, i);
  const before = int(previous, i);
  if (after >= 0) setInt(previous, after, before);
  if (before >= 0) setInt(next, before, after);
  else setInt(head, int(shelf, i), after);
}

@inline function link(i: i32, d: i32): void {
  const first = int(head, d);
  setInt(shelf, i, d);
  setInt(next, i, first);
  setInt(previous, i, -1);
  if (first >= 0) setInt(previous, first, i);
  setInt(head, d, i);
}

/** A stamp larger than every mark but those of the dead, which are 0. */
function advance(to: i32): void {
  stamp = to;
  if (to < i32.MAX_VALUE - 2 * size - 2 && to > 1) return;
  for (let i = 0; i < size; i++) if (int(mark, i) != 0) setInt(mark, i, 1);
  stamp = 2;
}

/** Moves the live lists together. */
function compact(): void {
  for (let i = 0; i < size; i++) {
    const at = int(start, i);
    if (at < 0) continue;
    setInt(start, i, int(list, at));
    setInt(list, at, flip(i));
  }
  let to = 0;
  for (let from = 0; from < free; ) {
    const i = flip(int(list, from++));
    if (i < 0) continue;
    setInt(list, to, int(start, i));
    setInt(start, i, to++);
    for (let t = 1; t < int(length, i); t++) setInt(list, to++, int(list, from++));
  }
  free = to;
}

function die(i: i32, into: i32): void {
  if (into >= 0) setInt(height, into, max(int(height, into), int(height, i)));
  setInt(parent, i, into);
  setInt(start, i, -1);
  setInt(length, i, 0);
}

/** The clique that eliminating k leaves: its variables and those of its elements, which it absorbs. */
function formElement(k: i32): void {
  const count = int(elements, k);
  let from = int(start, k);
  const first = count == 0 ? from : free;
  let end = first;
  let total = 0;
  for (let t = 0; t <= count; t++) {
    let e = k;
    let at = from;
    let members = int(length, k) - count;
    if (t < count) {
      e = int(list, from++);
      at = int(start, e);
      members = int(length, e);
    }
    for (let s = 0; s < members; s++) {
      const i = int(list, at++);
      const w = int(weight, i);
      if (w <= 0) continue;
      total += w;
      setInt(weight, i, -w);
      setInt(list, end++, i);
      unlink(i);
    }
    if (e == k) continue;
    die(e, k);
    setInt(mark, e, 0);
  }
  if (count != 0) free = end;
  setInt(degree, k, total);
  setInt(start, k, first);
  setInt(length, k, end - first);
  setInt(elements, k, -1);
}

/** mark[e] − stamp := weight of element e outside the new clique, for every element that touches it. */
function measureOverlaps(k: i32): void {
  const from = int(start, k);
  const to = from + int(length, k);
  for (let q = from; q < to; q++) {
    const i = int(list, q);
    const w = -int(weight, i);
    let p = int(start, i);
    const end = p + int(elements, i);
    for (; p < end; p++) {
      const e = int(list, p);
      const m = int(mark, e);
      if (m >= stamp) setInt(mark, e, m - w);
      else if (m != 0) setInt(mark, e, int(degree, e) + stamp - w);
    }
  }
}

/**
 * Shortens the lists of the clique's members, drops elements inside the clique, eliminates members that see nothing
 * else, and files the others by a hash of what they see. Returns the weight eliminated.
 */
function updateMembers(k: i32, buckets: usize): i32 {
  const from = int(start, k);
  const to = from + int(length, k);
  let eliminated = 0;
  for (let q = from; q < to; q++) {
    const i = int(list, q);
    const begin = int(start, i);
    const middle = begin + int(elements, i);
    const end = begin + int(length, i);
    let put = begin;
    let d = 0;
    let hash: u32 = 0;
    for (let p = begin; p < middle; p++) {
      const e = int(list, p);
      const m = int(mark, e);
      if (m == 0) continue;
      const outside = m - stamp;
      if (outside > 0) {
        d += outside;
        setInt(list, put++, e);
        hash += e;
      } else {
        die(e, k);
        setInt(mark, e, 0);
      }
    }
    const kept = put - begin;
    const variables = put;
    for (let p = middle; p < end; p++) {
      const j = int(list, p);
      const w = int(weight, j);
      if (w <= 0) continue;
      d += w;
      setInt(list, put++, j);
      hash += j;
    }
    if (d == 0) {
      eliminated -= int(weight, i);
      setInt(weight, i, 0);
      setInt(elements, i, -1);
      die(i, k);
      continue;
    }
    setInt(degree, i, min(int(degree, i), d));
    setInt(list, put, int(list, variables));
    setInt(list, variables, int(list, begin));
    setInt(list, begin, k);
    setInt(elements, i, kept + 1);
    setInt(length, i, put - begin + 1);
    const bucket = <i32>(hash % <u32>size);
    setInt(next, i, int(buckets, bucket));
    setInt(buckets, bucket, i);
    setInt(previous, i, bucket);
  }
  return eliminated;
}

/** Members of the clique that see the same become one. */
function mergeTwins(k: i32, buckets: usize): void {
  const from = int(start, k);
  const to = from + int(length, k);
  for (let q = from; q < to; q++) {
    if (int(weight, int(list, q)) >= 0) continue;
    const bucket = int(previous, int(list, q));
    let i = int(buckets, bucket);
    setInt(buckets, bucket, -1);
    for (; i >= 0 && int(next, i) >= 0; i = int(next, i)) {
      const many = int(length, i);
      const at = int(start, i);
      for (let t = 1; t < many; t++) setInt(mark, int(list, at + t), stamp);
      let before = i;
      let j = int(next, i);
      while (j >= 0) {
        let same = int(length, j) == many && int(elements, j) == int(elements, i);
        const there = int(start, j);
        for (let t = 1; same && t < many; t++) same = int(mark, int(list, there + t)) == stamp;
        const after = int(next, j);
        if (same) {
          setInt(weight, i, int(weight, i) + int(weight, j));
          setInt(weight, j, 0);
          setInt(elements, j, -1);
          die(j, i);
          setInt(next, before, after);
        } else before = j;
        j = after;
      }
      stamp++;
    }
  }
}

/** Those who waited are filed by their degree; returns the least of these and `least`. */
function nextRound(least: i32): i32 {
  for (let i = int(head, size); i >= 0; ) {
    const after = int(next, i);
    link(i, int(degree, i));
    least = min(least, int(degree, i));
    i = after;
  }
  setInt(head, size, -1);
  return least;
}

/**
 * A fill-reducing order of the symmetric graph on 0 … count−1 whose node i has the neighbours
 * list[start[i] … start[i] + length[i]), without i and without repetition; all lists end before `end` and are overwritten, with
 * room to `capacity` ≥ end + count. Writes the nodes in their order to `sequence`.
 *
 * `rounds`: neighbours of what was eliminated wait until everything else of least degree is gone (Liu, ACM TOMS 11, 1985);
 * a chain then goes from both ends, which leaves a tree of half the height.
 */
export function eliminationOrder(
  count: i32, starts: usize, lengths: usize, lists: usize, end: i32, capacity: i32, sequence: usize, rounds: bool,
): void {
  size = count;
  start = starts;
  length = lengths;
  list = lists;
  free = end;
  elements = takeInts(count);
  weight = takeInts(count);
  degree = takeInts(count);
  head = takeInts(count + 1);
  next = takeInts(count);
  previous = takeInts(count);
  parent = takeInts(count);
  mark = takeInts(count);
  shelf = takeInts(count);
  height = takeInts(count);
  tallest = 0;
  entries = 0;
  fillInts(height, count, 0);
  const buckets = takeInts(count);
  fillInts(elements, count, 0);
  fillInts(weight, count, 1);
  fillInts(head, count + 1, -1);
  fillInts(parent, count, -1);
  fillInts(mark, count, 1);
  fillInts(buckets, count, -1);
  const dense = max(16, <i32>(10 * sqrt<f64>(count)));
  let eliminated = 0;
  for (let i = count - 1; i >= 0; i--) {
    const d = int(length, i);
    setInt(degree, i, d);
    if (d > 0 && d <= dense) {
      link(i, d);
      continue;
    }
    eliminated++;
    setInt(elements, i, -1);
    die(i, -1);
    setInt(mark, i, 0);
    if (d > dense) {
      setInt(weight, i, 0);
      setInt(parent, i, count);
    }
  }
  let least = 0;
  let most = rounds ? 0 : count;
  let longest = 0;
  stamp = 2;
  while (eliminated < count) {
    while (least < count && int(head, least) < 0) least++;
    if (least > most) {
      least = nextRound(least);
      most = least;
      continue;
    }
    const k = int(head, least);
    unlink(k);
    let gone = int(weight, k);
    setInt(weight, k, -gone);
    eliminated += gone;
    if (int(elements, k) > 0 && free + least >= capacity) compact();
    formElement(k);
    advance(stamp);
    measureOverlaps(k);
    const massive = updateMembers(k, buckets);
    gone += massive;
    eliminated += massive;
    const total = int(degree, k) - massive;
    setInt(degree, k, total);
    longest = max(longest, total + massive);
    advance(stamp + longest);
    mergeTwins(k, buckets);
    const from = int(start, k);
    const to = from + int(length, k);
    let put = from;
    for (let q = from; q < to; q++) {
      const i = int(list, q);
      const w = -int(weight, i);
      if (w <= 0) continue;
      setInt(weight, i, w);
      const d = min(int(degree, i) + total - w, count - eliminated - w);
      setInt(degree, i, d);
      link(i, rounds ? count : d);
      if (!rounds) least = min(least, d);
      setInt(list, put++, i);
    }
    setInt(height, k, int(height, k) + gone);
    tallest = max(tallest, int(height, k));
    entries += <f64>gone * (<f64>total + 0.5 * <f64>(gone - 1));
    setInt(weight, k, gone);
    setInt(length, k, put - from);
    if (put == from) {
      die(k, -1);
      setInt(mark, k, 0);
    }
    if (to == free) free = put;
  }
  postorder(count, parent, weight, sequence);
  if (rounds) levelOrder(count, parent, weight, height, sequence);
}
