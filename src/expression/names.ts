// What an expression's names may reach: only what is answered here.
import type { Expr } from './expression.js';

/** Reports what is wrong with `text[start, end)`. */
export type Complain = (code: string, message: string, start: number, end: number, hint?: string) => void;

/** What the names in an expression stand for. `undefined` as an answer: not to be had, and already complained about. */
export interface Names {
  symbol(name: string, start: number, end: number, complain: Complain): Expr | undefined;
  /** Whether `word(` begins a reading such as V(a,b) whose arguments are names and not expressions. */
  isSignal(word: string): boolean;
  signal(
    word: string,
    args: readonly string[],
    start: number,
    end: number,
    complain: Complain,
  ): Expr | undefined;
  /** A call of a function that is not built in; `null` when there is none of that name. */
  call(
    word: string,
    args: readonly Expr[],
    start: number,
    end: number,
    complain: Complain,
  ): Expr | undefined | null;
  /** Spelling of a function that is like an unknown one. */
  nearestFunction(word: string): string | undefined;
}
