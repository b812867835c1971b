// A text and a clean copy of it of the same length: lower case, comments blanked, a card and its continuation lines
// joined into one line. A place in the copy is the same place in the text.
import type { Span } from '../errors.js';

export interface Source {
  readonly file: string;
  readonly text: string;
  readonly clean: string;
  /** Offset of the first character of every line. */
  readonly lines: readonly number[];
  /** Offset where the first card may begin: after the title line, when there is one. */
  readonly body: number;
  /** Offsets of `+` lines that continue nothing. */
  readonly orphans: readonly number[];
}

const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (s) => s.toLowerCase());
const isBlank = (c: number): boolean => c === 32 || c === 9 || c === 13 || c === 0xa0 || c === 0xfeff;

export function makeSource(file: string, text: string, hasTitle: boolean): Source {
  let lower = text.toLowerCase();
  if (lower.length !== text.length) lower = lowerAscii(text);
  const lines: number[] = [];
  const orphans: number[] = [];
  const pieces: string[] = [];
  let pendingStart = -1;
  let pendingEnd = -1;
  let kept = 0;
  const blank = (start: number, end: number): void => {
    if (end <= start) return;
    pieces.push(lower.slice(kept, start), ' '.repeat(end - start));
    kept = end;
  };
  /** Blanks the comment lines seen since the last card, line by line. */
  const flush = (): void => {
    if (pendingStart < 0) return;
    for (let at = pendingStart; at < pendingEnd; ) {
      let stop = lower.indexOf('\n', at);
      if (stop < 0 || stop > pendingEnd) stop = pendingEnd;
      blank(at, stop);
      at = stop + 1;
    }
    pendingStart = -1;
  };
  const commented = /[;$]|\/\//.test(lower);
  const length = text.length;
  let body = 0;
  let cardEnd = -1;
  for (let start = 0; start < length || start === 0; ) {
    lines.push(start);
    let end = lower.indexOf('\n', start);
    if (end < 0) end = length;
    if (hasTitle && lines.length === 1) {
      body = Math.min(end + 1, length);
      start = end + 1;
      continue;
    }
    let first = start;
    while (first < end && isBlank(lower.charCodeAt(first))) first++;
    const c = first < end ? lower.charCodeAt(first) : 10;
    const comment = c === 42 ? first : commented ? commentAt(lower, first, end) : end;
    if (c !== 10 && comment === first) {
      if (pendingStart < 0) pendingStart = start;
      pendingEnd = end;
    } else if (c === 43 && cardEnd < 0) {
      orphans.push(first);
      flush();
      blank(start, end);
    } else if (c !== 10) {
      if (c === 43) {
        blank(cardEnd, first + 1);
        pendingStart = -1;
      } else flush();
      blank(comment, end);
      cardEnd = end;
    }
    start = end + 1;
  }
  flush();
  pieces.push(lower.slice(kept));
  return { file, text, clean: pieces.length === 1 ? lower : pieces.join(''), lines, body, orphans };
}

/** Where an end-of-line comment begins: `;`, or `$` or `//` after a blank; `end` when there is none. */
function commentAt(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const c = text.charCodeAt(at);
    if (c === 59) return at;
    if (c === 36 || (c === 47 && at + 1 < end && text.charCodeAt(at + 1) === 47)) {
      const before = at === start || isBlank(text.charCodeAt(at - 1));
      const after = c === 47 || at + 1 >= end || isBlank(text.charCodeAt(at + 1));
      if (before && after) return at;
    }
  }
  return end;
}

/** Lines tried before all are searched. */
const NEAR = 3;
/** Where the last question was answered: the next one is most often about the line after it. */
let asked: { readonly source: Source | undefined; line: number } = { source: undefined, line: 0 };

/** 0-based index of the line an offset is on. */
export function lineOf(source: Source, offset: number): number {
  const { lines } = source;
  if (asked.source !== source) asked = { source, line: 0 };
  for (let k = asked.line; k < asked.line + NEAR && k < lines.length; k++) {
    if (lines[k] <= offset && (k + 1 === lines.length || offset < lines[k + 1])) return (asked.line = k);
  }
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return (asked.line = low);
}

/** The span of `text[start, end)`, cut at the end of its first line. */
export function spanAt(source: Source, start: number, end: number): Span {
  const line = lineOf(source, start);
  const first = source.lines[line];
  let last = line + 1 < source.lines.length ? source.lines[line + 1] - 1 : source.text.length;
  if (last > first && source.text.charCodeAt(last - 1) === 10) last--;
  if (last > first && source.text.charCodeAt(last - 1) === 13) last--;
  return {
    file: source.file,
    line: line + 1,
    column: start - first + 1,
    length: Math.max(1, Math.min(end, last) - start),
    text: source.text.slice(first, last),
  };
}
