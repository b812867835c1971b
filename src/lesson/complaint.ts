// What is wrong with a lesson, at its card if there is one.
import type { Diagnostic, Span } from '../errors.js';

/** An error. */
export const complaint = (code: string, message: string, hint?: string, span?: Span): Diagnostic => ({
  severity: 'error',
  code,
  message,
  ...(hint ? { hint } : {}),
  ...(span ? { span } : {}),
});
