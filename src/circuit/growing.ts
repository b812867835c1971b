/** A list of 32-bit integers that grows by doubling. */
export interface IntList {
  push(value: number): void;
  readonly length: number;
  /** A view of what has been pushed. */
  done(): Int32Array;
}

export function intList(capacity = 1024): IntList {
  let data = new Int32Array(capacity);
  const list: { -readonly [K in keyof IntList]: IntList[K] } = {
    length: 0,
    push(value) {
      const { length } = list;
      if (length === data.length) {
        const larger = new Int32Array(2 * length);
        larger.set(data);
        data = larger;
      }
      data[length] = value;
      list.length++;
    },
    done: () => data.subarray(0, list.length),
  };
  return list;
}
