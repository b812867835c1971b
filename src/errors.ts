/** Where in a text something stands: 1-based line and column, and how many characters it covers. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The physical source line, for the caret. */
  readonly text: string;
}

/** One thing wrong (or doubtful) with an input, and the way out. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable, kebab-case: `unknown-parameter`, `floating-node`, … */
  readonly code: string;
  readonly message: string;
  /** What would have worked. */
  readonly hint?: string;
  readonly span?: Span;
}

/** The input is wrong. Carries every diagnostic of the text at once. CLI exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => formatDiagnostic(d)).join('\n'));
  }
}

/** What a simulation that failed knows about its failure. */
export interface FailureReport {
  /** Stable, kebab-case: `newton-diverged`, `step-too-small`, `singular-matrix`, … */
  readonly code: string;
  /** Time in seconds at which it happened; absent for an operating point. */
  readonly time?: number;
  /** Step size in seconds at which it gave up. */
  readonly step?: number;
  /** Names of the worst unknowns, worst first. */
  readonly unknowns: readonly string[];
  /** Names of the devices attached to them. */
  readonly devices: readonly string[];
  /** What was tried, in order. */
  readonly tried: readonly string[];
  /** The way out, where one is known. */
  readonly hint?: string;
}

/** The simulation failed. CLI exit code 1; what was computed before is kept by the caller's sink. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';
  constructor(
    message: string,
    readonly report: FailureReport,
  ) {
    super(message);
  }
}

/** What a learning rule that cannot serve here knows about why. */
export interface Obstacle {
  /** Stable, kebab-case: `not-reciprocal`, `not-settled`, `nonlinear`, … */
  readonly code: string;
  /** Names of the devices that stand in the way, if it is they. */
  readonly devices: readonly string[];
  /** What would work. */
  readonly hint: string;
  /** What of the text is to blame, if it is that. */
  readonly span?: Span;
}

/** A learning rule is not valid for this circuit (CLI exit code 2), or a phase of it did not settle (1). */
export class LearningError extends Error {
  override readonly name = 'LearningError';
  constructor(
    message: string,
    readonly obstacle: Obstacle,
  ) {
    super(message);
  }
}

/** Longest part of a source line that is shown, and how much of it stands before the caret. */
const WIDTH = 160;
const BEFORE = 80;

/** The source line (of a long one the part around the place) with carets under the place. */
function excerpt({ text, column, length }: Span): string[] {
  const start = text.length > WIDTH ? Math.max(0, Math.min(column - 1 - BEFORE, text.length - WIDTH)) : 0;
  const shown = text.slice(start, start + WIDTH);
  const front = start > 0 ? '…' : '';
  const back = start + WIDTH < text.length ? '…' : '';
  const lead = front + shown.slice(0, column - 1 - start);
  const carets = Math.max(1, Math.min(length, shown.length - (column - 1 - start)));
  return [`  ${front}${shown}${back}`, `  ${lead.replace(/[^\t]/g, ' ')}${'^'.repeat(carets)}`];
}

/** `file:line:column: error: message`, the source line, a caret, `more`, and the hint. */
export function formatDiagnostic(d: Diagnostic, more: readonly string[] = []): string {
  const head = d.span ? `${d.span.file}:${d.span.line}:${d.span.column}: ` : '';
  const lines = [`${head}${d.severity}: ${d.message} [${d.code}]`];
  if (d.span) lines.push(...excerpt(d.span));
  lines.push(...more);
  if (d.hint) lines.push(`  help: ${d.hint}`);
  return lines.join('\n');
}
