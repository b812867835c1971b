// Axes: a linear or logarithmic map from numbers to pixels, ticks at 1, 2 or 5 times a power of ten, SI prefixes.

export interface Scale {
  readonly ticks: readonly number[];
  /** Fainter, unlabelled lines (logarithmic axes). */
  readonly minor: readonly number[];
  readonly domain: readonly [number, number];
  pixel(value: number): number;
}

/** A step that makes about `count` ticks over a span: 1, 2 or 5 times a power of ten. */
export function tickStep(span: number, count: number): number {
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const share = raw / power;
  return power * (share > Math.sqrt(50) ? 10 : share > Math.sqrt(10) ? 5 : share > Math.SQRT2 ? 2 : 1);
}

/** Linear scale over [low, high]; `nice` widens the domain to whole ticks. */
export function linear(
  low: number,
  high: number,
  pixels: readonly [number, number],
  count: number,
  options: { readonly nice?: boolean; readonly step?: number } = {},
): Scale {
  if (!(high > low)) {
    const pad = Math.abs(low) * 0.1 || 1;
    low -= pad;
    high += pad;
  }
  const step = options.step ?? tickStep(high - low, count);
  const slack = 1e-9 * step;
  if (options.nice) {
    low = Math.floor((low + slack) / step) * step;
    high = Math.ceil((high - slack) / step) * step;
  }
  const first = Math.ceil((low - slack) / step);
  const last = Math.floor((high + slack) / step);
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => (first + k) * step);
  const slope = (pixels[1] - pixels[0]) / (high - low);
  return { ticks, minor: [], domain: [low, high], pixel: (v) => pixels[0] + (v - low) * slope };
}

/** Logarithmic scale over [low, high], both > 0: ticks at the decades, minor lines at 2 … 9. */
export function logarithmic(low: number, high: number, pixels: readonly [number, number]): Scale {
  const a = Math.log10(low);
  const b = high > low ? Math.log10(high) : a + 1;
  const slope = (pixels[1] - pixels[0]) / (b - a);
  const ticks: number[] = [];
  const minor: number[] = [];
  for (let decade = Math.floor(a); decade <= Math.ceil(b); decade++) {
    for (let m = 1; m < 10; m++) {
      const value = Number(`${m}e${decade}`);
      const at = Math.log10(value);
      if (at >= a - 1e-9 && at <= b + 1e-9) (m === 1 ? ticks : minor).push(value);
    }
  }
  const every = Math.ceil(ticks.length / 10);
  return {
    ticks:
      ticks.length > 1 ? ticks.filter((_, k) => k % every === 0) : [...ticks, ...minor].sort((x, y) => x - y),
    minor,
    domain: [low, 10 ** b],
    pixel: (v) => pixels[0] + (Math.log10(v) - a) * slope,
  };
}

const prefixes = [
  'q',
  'r',
  'y',
  'z',
  'a',
  'f',
  'p',
  'n',
  'µ',
  'm',
  '',
  'k',
  'M',
  'G',
  'T',
  'P',
  'E',
  'Z',
  'Y',
  'R',
  'Q',
];

/** The SI prefix under which a magnitude reads between 1 and 1000, and its factor. */
export function siPrefix(magnitude: number): { readonly prefix: string; readonly factor: number } {
  if (!(magnitude > 0) || !Number.isFinite(magnitude)) return { prefix: '', factor: 1 };
  const power = Math.floor(Math.log10(magnitude * (1 + 1e-12)) / 3);
  const k = Math.min(prefixes.length - 1, Math.max(0, power + 10));
  return { prefix: prefixes[k], factor: Number(`1e${3 * (k - 10)}`) };
}

/** A number in at most `digits` significant digits with an SI prefix: 4.7e-9 → `4.7 n`. */
export function siNumber(value: number, digits = 4): string {
  const { prefix, factor } = siPrefix(Math.abs(value));
  const text = plain(value / factor, digits);
  return prefix ? `${text} ${prefix}` : text;
}

/** A number in at most `digits` significant digits, without trailing zeros, with a true minus sign. */
export const plain = (value: number, digits = 6): string =>
  String(Number(value.toPrecision(digits))).replace('-', '−');
