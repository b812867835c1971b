// One WebAssembly instance, with its own memory, per factorisation; the module is compiled once, when first needed.
import { kernels } from './kernels.js';

/** What the kernels export; addresses are bytes in `memory`. */
export interface Kernels {
  /** Its buffer is another one after it has grown. */
  readonly memory: { readonly buffer: ArrayBuffer };
  create(order: number, entries: number, scalar: number): void;
  addressOfColPtr(): number;
  addressOfRowIdx(): number;
  addressOfValues(): number;
  addressOfRhs(): number;
  addressOfAddend(): number;
  analyseReal(): number;
  analyseComplex(): number;
  orderStandsReal(): number;
  orderStandsComplex(): number;
  orderImprovesReal(): number;
  orderImprovesComplex(): number;
  addressOfColumnAt(): number;
  addressOfRowOfLabel(): number;
  addressOfBlockStart(): number;
  countBlocks(): number;
  factorReal(tolerance: number): number;
  factorComplex(tolerance: number): number;
  refactorReal(): number;
  refactorComplex(): number;
  solveReal(): void;
  solveComplex(): void;
  solveTransposedReal(): void;
  solveTransposedComplex(): void;
  growthOfLast(): number;
  pivotRatioOfLast(): number;
  countL(): number;
  countU(): number;
  reserve(bytes: number): number;
  predict(
    m: number,
    trail: number,
    t: number,
    value: number,
    rate: number,
    tol: number,
    absolute: number,
    lately: number,
    reltol: number,
    keep: number,
    ratio: number,
    count: number,
  ): number;
  estimate(m: number, trail: number, t: number, y: number, tol: number, count: number, which: number): number;
  remember(lately: number, y: number, keep: number, ratio: number, count: number): void;
  allow(
    a: number,
    b: number,
    lately: number,
    reltol: number,
    absolute: number,
    tol: number,
    count: number,
  ): void;
  scales(n: number, x: number, kind: number, first: number, second: number, share: number, tol: number): void;
  layRows(
    n: number,
    startG: number,
    columnG: number,
    valueG: number,
    startC: number,
    columnC: number,
    valueC: number,
    distance: number,
    at: number,
  ): void;
  multiplyRows(runs: number, pair: number, f: number): void;
  addStraight(law: number, x: number, t: number, f: number): void;
  hold(first: number, count: number, y: number, ref: number, base: number, alpha: number): void;
  rate(x: number, ref: number, base: number, alpha: number, out: number, count: number): void;
  add(n: number, to: number, v: number): void;
  addMultiple(n: number, to: number, factor: number, v: number): void;
  rates(x: number, ref: number, base: number, alpha: number, pair: number, distance: number): void;
  update(n: number, from: number, y: number, d: number, tol: number, scale: number): number;
  distance(count: number, which: number, a: number, b: number, tol: number): number;
  distanceOfAll(count: number, a: number, b: number, tol: number): number;
  correct(n: number, x: number, d: number, absolute: number, reltol: number, where: number): number;
  mergeEntries(
    n: number,
    count: number,
    rows: number,
    cols: number,
    slot: number,
    colPtr: number,
    rowIdx: number,
    work: number,
  ): number;
  entriesByRow(
    n: number,
    colPtr: number,
    count: number,
    rows: number,
    size: number,
    start: number,
    slot: number,
    column: number,
    work: number,
  ): void;
  spreadEntries(
    count: number,
    stride: number,
    index: number,
    entries: number,
    rowAt: number,
    columnAt: number,
    nowhere: number,
    constant: number,
    rows: number,
    cols: number,
  ): void;
  placeEntries(
    n: number,
    size: number,
    nowhere: number,
    count: number,
    rows: number,
    cols: number,
    slot: number,
    colPtr: number,
    rowIdx: number,
    work: number,
  ): number;
  joinAll(
    parent: number,
    count: number,
    stride: number,
    index: number,
    from: number,
    to: number,
    nowhere: number,
  ): number;
  areWith(parent: number, count: number, places: number, other: number): number;
  foldTerms(
    count: number,
    stride: number,
    numbers: number,
    terms: number,
    coefficient: number,
    stored: number,
    slots: number,
    G: number,
    C: number,
  ): void;
  filledRows(
    first: number,
    last: number,
    from: number,
    slot: number,
    columnOf: number,
    values: number,
    start: number,
    column: number,
    value: number,
  ): number;
  dominant(
    n: number,
    colPtr: number,
    rowIdx: number,
    positive: number,
    a: number,
    symmetrise: boolean,
    work: number,
  ): number;
  interpolate(
    m: number,
    times: number,
    q: number,
    instants: number,
    few: number,
    points: number,
    weights: number,
    readings: number,
  ): void;
  interpolateBack(m: number, q: number, few: number, weights: number, slopes: number, points: number): void;
  combine(m: number, points: number, w: number, out: number, count: number): void;
}

let compiled: WebAssembly.Module | undefined;
let compile = (bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module => new WebAssembly.Module(bytes);

/** From now on `how`, which may know machine code of it, makes the WebAssembly.Module: before it is first needed. */
export function compileBy(how: (bytes: Uint8Array<ArrayBuffer>) => object): void {
  compile = how;
}

/** Where there is a Buffer, it decodes base64 in a hundredth of the time. */
const decode = (base64: string): Uint8Array<ArrayBuffer> =>
  typeof Buffer === 'undefined'
    ? Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
    : Buffer.from(base64, 'base64');

/** A fresh instance; it and its memory are collected with the object that holds it. */
export function instantiate(): Kernels {
  compiled ??= compile(decode(kernels));
  // What an instance exports is a dictionary, slow to look into; a copy of it is not.
  return { ...(new WebAssembly.Instance(compiled).exports as unknown as Kernels) };
}
