// One linear memory per factorisation: fixed arrays are laid down once from the bottom, everything whose size is
// known only afterwards (scratch of the ordering, the factors) lives above them and may be laid down again.

/** First free byte, above the tables that the kernels are made with. */
export let top: usize = __heap_base;

/** Makes [0, end) addressable. */
export function cover(end: usize): void {
  const have = <usize>memory.size() << 16;
  if (end <= have) return;
  const need = <i32>((end - have + 0xffff) >> 16);
  const generous = max(need, memory.size() >> 2);
  if (memory.grow(generous) < 0 && memory.grow(need) < 0) unreachable();
}

/** 16-byte aligned block of `bytes` bytes; contents undefined. */
export function take(bytes: usize): usize {
  const at = (top + 15) & ~15;
  top = at + bytes;
  cover(top);
  return at;
}

/** Block of `count` 32-bit integers. */
export function takeInts(count: i32): usize {
  return take(<usize>count << 2);
}

/** Gives back everything at and above `mark`. */
export function release(mark: usize): void {
  top = mark;
}

@inline export function int(base: usize, i: i32): i32 {
  return load<i32>(base + (<usize>i << 2));
}

@inline export function setInt(base: usize, i: i32, value: i32): void {
  store<i32>(base + (<usize>i << 2), value);
}

@inline export function fillInts(base: usize, count: i32, value: i32): void {
  for (let i = 0; i < count; i++) setInt(base, i, value);
}
