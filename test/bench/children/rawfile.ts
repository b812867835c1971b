// Columns of any simulator as a rawfile, so that all are read back alike.
import { writeRaw } from '../../../src/output/raw.js';

/** The first column is time. */
export function writeTransient(
  columns: readonly { readonly name: string; readonly values: ArrayLike<number> }[],
): Uint8Array {
  const [axis, ...rest] = columns.map(({ name, values }) => ({
    name: name.toLowerCase(),
    quantity: 'voltage' as const,
    unit: 'V',
    values: Float64Array.from(values),
  }));
  return writeRaw([
    { analysis: 'tran', title: 'transient', axis, columns: rest, statistics: {}, complete: true },
  ]);
}
