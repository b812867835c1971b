/** A list of 32-bit integers that grows by doubling. */
export interface IntList {
  push(value: number): void;
  readonly length: number;
  /** A view of what has been pushed. */
  done(): Int32Array;
}

export function intList(capacity = 1024): IntList {
  let data = new Int32Array(capacity);
  let length = 0;
  return {
    push(value) {
      if (length === data.length) {
        const larger = new Int32Array(2 * length);
        larger.set(data);
        data = larger;
      }
      data[length++] = value;
    },
    get length() {
      return length;
    },
    done: () => data.subarray(0, length),
  };
}
