// Errors as people read them, and the exit code that goes with each.
import { type Diagnostic, formatDiagnostic, InputError, LearningError, SimulationError } from '../errors.js';
import { withUnit } from './table.js';
import { err } from './terminal.js';

export const DONE = 0;
export const FAILED = 1;
export const WRONG_INPUT = 2;

/** What happened, when, at which step, to which unknowns and devices, and what was tried. */
export function formatFailure({ message, report }: SimulationError): string {
  const lines = [`error: ${message} [${report.code}]`];
  const add = (name: string, text: string): void => {
    if (text) lines.push(`  ${name.padEnd(9)}${text}`);
  };
  if (report.time !== undefined) add('time', `${withUnit(report.time, 's', 6)}`);
  if (report.step !== undefined) add('step', `${withUnit(report.step, 's', 3)}`);
  add('unknowns', report.unknowns.join(', '));
  add('devices', report.devices.join(', '));
  add('tried', report.tried.join('; '));
  if (report.hint !== undefined) lines.push(`  help: ${report.hint}`);
  return lines.join('\n');
}

/** Why a learning rule cannot serve, which card or devices are to blame, and what would work. */
function formatObstacle({ message, obstacle: { devices, ...why } }: LearningError): string {
  const named = devices.length > 0 ? [`  devices  ${devices.join(', ')}`] : [];
  return formatDiagnostic({ severity: 'error', message, ...why }, named);
}

export function printDiagnostics(diagnostics: readonly Diagnostic[]): void {
  for (const d of diagnostics) err(formatDiagnostic(d));
}

/** Does the work; when the input turns out wrong, what is doubtful about it is said first: it may be why. */
export function doubting<T>(doubts: readonly Diagnostic[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) printDiagnostics(doubts);
    throw error;
  }
}

/** Obstacles that only the simulation reveals; every other is a rule that the deck or the command asks in vain. */
const UNSETTLED: ReadonlySet<string> = new Set(['not-settled', 'no-time-constant', 'not-finite']);

/** Runs a command; errors become messages and exit codes, a closed pipe a quiet end.
 * With DEBUG in the environment an internal error shows its stack. */
export async function guarded(command: () => number | Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (error instanceof InputError) {
      printDiagnostics(error.diagnostics);
      const n = error.diagnostics.filter((d) => d.severity === 'error').length;
      if (n > 1) err(`${n} errors`);
      return WRONG_INPUT;
    }
    if (error instanceof SimulationError) {
      err(formatFailure(error));
      return FAILED;
    }
    if (error instanceof LearningError) {
      err(formatObstacle(error));
      return UNSETTLED.has(error.obstacle.code) ? FAILED : WRONG_INPUT;
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') return DONE;
    if (code !== undefined) {
      err(`error: ${(error as Error).message}`);
      return FAILED;
    }
    err(
      `internal error: ${(error as Error).message}\n  help: this is a mistake of tellegen, not of the deck`,
    );
    if (process.env.DEBUG) err(String((error as Error).stack));
    return FAILED;
  }
}

export const inputError = (code: string, message: string, hint: string): InputError =>
  new InputError([{ severity: 'error', code, message, hint }]);
