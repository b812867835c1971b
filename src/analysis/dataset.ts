// What an analysis returns: named columns of numbers over one axis.
import type { Quantity } from '../devices/device.js';

/** Operating point, DC sweep, AC response, transient. */
export type AnalysisKind = 'op' | 'dc' | 'ac' | 'tran';

/** One signal (or the axis) of a run: a number per point. */
export interface Column {
  /** `v(out)`, `i(v1)`, `w(n1)`, or the text of the saved expression; lower case. */
  readonly name: string;
  readonly quantity: Quantity | 'time' | 'frequency' | 'temperature' | 'parameter';
  /** `V`, `A`, `s`, `Hz`, … ; empty for pure numbers. */
  readonly unit: string;
  /** One number per point, in `unit`. */
  readonly values: Float64Array;
  /** AC: imaginary parts; `values` are the real parts. */
  readonly imaginary?: Float64Array;
}

/** What one run of one analysis gave. */
export interface Dataset {
  readonly analysis: AnalysisKind;
  readonly title: string;
  /** The swept variable: time, frequency, or the source swept first. Absent for an operating point. */
  readonly axis?: Column;
  readonly columns: readonly Column[];
  /** Values of `.step`/`.data` variables (and outer `.dc` sources) this run belongs to. */
  readonly step?: Readonly<Record<string, number>>;
  /** Steps taken, rejections, Newton iterations, factorisations, strategy of the operating point, … */
  readonly statistics: Readonly<Record<string, number | string>>;
  /** False when the run was interrupted or failed and this is what it had. */
  readonly complete: boolean;
}
