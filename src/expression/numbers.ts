// Numbers as SPICE writes them: 4.7k, 1e-9, 10MEG, 2mil, 100pF. A scale factor is a power of ten joined to the
// digits before they are converted, so that 5u is the float64 nearest to 5·10⁻⁶.

const exponents: ReadonlyMap<string, number> = new Map([
  ['t', 12],
  ['g', 9],
  ['k', 3],
  ['m', -3],
  ['u', -6],
  ['µ', -6],
  ['μ', -6],
  ['n', -9],
  ['p', -12],
  ['f', -15],
  ['a', -18],
]);

/** 10⁰ … 10²², each an exact float64. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isLetter = (c: number): boolean =>
  (c >= 97 && c <= 122) ||
  (c >= 65 && c <= 90) ||
  c === 0xb5 ||
  c === 0x3bc ||
  c === 0x3c9 ||
  c === 0x3a9 ||
  c === 0x2126;

/** Why a number written in digits may be infinite. */
export const LARGEST = 'the largest number is 1.8e308';

/** Where a scan ended. */
export interface Scan {
  end: number;
}

/**
 * The unsigned number that begins at `start` of a lower-case text: digits, exponent, scale factor; letters after that
 * are a unit and are passed over.
 * @returns its value, or NaN when there is no number or something like `1k5`; `scan.end` is where it stopped
 */
export function scanNumber(text: string, start: number, limit: number, scan: Scan): number {
  let at = start;
  let mantissa = 0;
  let digits = 0;
  let seen = 0;
  let fraction = 0;
  let point = false;
  for (; at < limit; at++) {
    const c = text.charCodeAt(at);
    if (isDigit(c)) {
      if (digits > 0 || c !== 48) digits++;
      if (digits <= 15) mantissa = mantissa * 10 + (c - 48);
      if (point) fraction++;
      seen++;
    } else if (c === 46 && !point) point = true;
    else break;
  }
  scan.end = at;
  if (seen === 0) return Number.NaN;
  const mantissaEnd = at;
  let exponent = 0;
  if (at + 1 < limit && (text.charCodeAt(at) | 32) === 101) {
    const sign = text.charCodeAt(at + 1);
    let digit = sign === 43 || sign === 45 ? at + 2 : at + 1;
    if (digit < limit && isDigit(text.charCodeAt(digit))) {
      for (; digit < limit && isDigit(text.charCodeAt(digit)); digit++) {
        exponent = Math.min(exponent * 10 + text.charCodeAt(digit) - 48, 99999);
      }
      if (sign === 45) exponent = -exponent;
      at = digit;
    }
  }
  let mil = false;
  if (at < limit && isLetter(text.charCodeAt(at))) {
    if (text.startsWith('meg', at)) exponent += 6;
    else if (text.startsWith('mil', at)) mil = true;
    else exponent += exponents.get(text[at]) ?? 0;
    while (at < limit && isLetter(text.charCodeAt(at))) at++;
  }
  scan.end = at;
  if (at < limit && (isDigit(text.charCodeAt(at)) || text[at] === '_' || text[at] === '.')) {
    while (
      at < limit &&
      (isDigit(text.charCodeAt(at)) || isLetter(text.charCodeAt(at)) || text[at] === '_' || text[at] === '.')
    )
      at++;
    scan.end = at;
    return Number.NaN;
  }
  if (mil) {
    if (digits <= 12) return scaled(mantissa * 254, exponent - fraction - 7);
    return Number(`${text.slice(start, mantissaEnd)}e${exponent - 7}`) * 254;
  }
  const power = exponent - fraction;
  if (digits <= 15 && power >= -22 && power <= 22) return scaled(mantissa, power);
  return Number(`${text.slice(start, mantissaEnd)}e${exponent}`);
}

/** Correctly rounded when mantissa < 2⁵³ and |power| ≤ 22: both factors are exact. */
function scaled(mantissa: number, power: number): number {
  if (power >= -22 && power <= 22)
    return power < 0 ? mantissa / powersOfTen[-power] : mantissa * powersOfTen[power];
  return Number(`${mantissa}e${power}`);
}

/** A SPICE number such as `-4.7k`, `10MEG`, `1e-9`, `100pF`; undefined when the text is anything else. */
export function parseNumber(text: string): number | undefined {
  const lower = text.trim().toLowerCase();
  const negative = lower.startsWith('-');
  const start = negative || lower.startsWith('+') ? 1 : 0;
  const scan = { end: 0 };
  const value = scanNumber(lower, start, lower.length, scan);
  if (Number.isNaN(value) || scan.end !== lower.length) return undefined;
  return negative ? -value : value;
}
