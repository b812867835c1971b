// Colours that stay apart for every kind of colour vision: a handful of distinct hues, or, for many ordered
// traces, a ramp of steadily changing lightness.

/** Eight hues that differ in lightness too (after Okabe and Ito, Color Universal Design, 2008; yellow darkened for white paper). */
const distinct = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8c6d00', '#1a1a1a'];

/** Anchors of a perceptually ordered ramp, dark violet to amber. */
const ramp = [
  [48, 18, 94],
  [59, 82, 160],
  [32, 132, 160],
  [36, 168, 120],
  [136, 190, 56],
  [236, 176, 20],
] as const;

/** Colour of trace k of n. */
export function traceColour(k: number, n: number): string {
  if (n <= distinct.length) return distinct[k];
  const at = (k / (n - 1)) * (ramp.length - 1);
  const i = Math.min(ramp.length - 2, Math.floor(at));
  const hex = [0, 1, 2].map((c) => {
    const value = Math.round(ramp[i][c] + (ramp[i + 1][c] - ramp[i][c]) * (at - i));
    return value.toString(16).padStart(2, '0');
  });
  return `#${hex.join('')}`;
}
