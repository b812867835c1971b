// Everything that is wrong with a deck, collected.
import type { Diagnostic, Span } from '../errors.js';
import { didYouMean } from '../expression/suggest.js';

/** After so many errors reading stops. */
const MOST_ERRORS = 1000;
/** Spelling is compared only for the first ones: comparing is slow. */
const MOST_SUGGESTIONS = 100;

/** Thrown when a deck is given up; the report holds why. */
export const GIVEN_UP = Symbol('given up');

export interface Report {
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  error(code: string, message: string, span: Span | undefined, hint?: string): void;
  warning(code: string, message: string, span: Span | undefined, hint?: string): void;
  /** An error after which nothing more can be read. @throws GIVEN_UP */
  fatal(code: string, message: string, span: Span | undefined, hint?: string): never;
  /** `did you mean "…"?`, else `otherwise`. */
  suggest(word: string, candidates: Iterable<string>, otherwise?: string): string | undefined;
}

export function makeReport(): Report {
  const errors: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const make = (
    severity: 'error' | 'warning',
    code: string,
    message: string,
    span: Span | undefined,
    hint: string | undefined,
  ): Diagnostic => ({ severity, code, message, ...(hint ? { hint } : {}), ...(span ? { span } : {}) });
  const report: Report = {
    errors,
    warnings,
    error(code, message, span, hint) {
      errors.push(make('error', code, message, span, hint));
      if (errors.length >= MOST_ERRORS) {
        errors.push(
          make(
            'error',
            'too-many-errors',
            `more than ${MOST_ERRORS} errors: reading stopped here`,
            span,
            undefined,
          ),
        );
        throw GIVEN_UP;
      }
    },
    warning(code, message, span, hint) {
      if (warnings.length < MOST_ERRORS) warnings.push(make('warning', code, message, span, hint));
    },
    fatal(code, message, span, hint) {
      errors.push(make('error', code, message, span, hint));
      throw GIVEN_UP;
    },
    suggest: (word, candidates, otherwise) =>
      (errors.length < MOST_SUGGESTIONS ? didYouMean(word, candidates) : undefined) ?? otherwise,
  };
  return report;
}
