// The nearest spelling: fewest insertions, deletions, replacements and swaps of neighbours.

const LONGEST = 40;
const MOST = 3000;

/** The candidate most like `word` that is another word, or undefined when none is like it. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  let best: string | undefined;
  let least = Math.min(3, Math.floor((word.length + 1) / 3)) + 1;
  let seen = 0;
  for (const candidate of candidates) {
    if (++seen > MOST) break;
    if (candidate === word || Math.abs(candidate.length - word.length) >= least) continue;
    const d = distance(word, candidate);
    if (d < least) {
      least = d;
      best = candidate;
    }
  }
  return best;
}

/** `did you mean "tran"?`, or undefined. */
export function didYouMean(word: string, candidates: Iterable<string>, quote = ''): string | undefined {
  const found = nearest(word, candidates);
  return found === undefined ? undefined : `did you mean "${quote}${found}"?`;
}

function distance(a: string, b: string): number {
  let before = new Uint8Array(b.length + 1);
  let row = Uint8Array.from({ length: b.length + 1 }, (_, k) => k);
  let next = new Uint8Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    next[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row, next] = [row, next, before];
  }
  return row[b.length];
}

/** The first dozen of names, for a hint. */
export const some = (names: readonly string[]): string =>
  names.length > 12 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ');
