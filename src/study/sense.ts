// Whether the numbers of every run make sense, looked at before the first one: those of its analysis, and those that
// devices are given by what is swept.
import { frequencies } from '../analysis/ac.js';
import type { AnalysisOptions } from '../analysis/options.js';
import { marchOptions } from '../analysis/transient.js';
import type { Binding, Compiled } from '../circuit/compile.js';
import { InputError, type Span } from '../errors.js';
import { type AnalysisCard, bindAnalysis, type Deck, type SweepVariable } from '../netlist/deck.js';
import type { Job } from './plan.js';
import { assign, linearGrid, type Run, scalarsOf, variableName } from './sweep.js';

/** The analysis of a run, with numbers. */
export function cardOf(deck: Deck, { card }: Job, { binding }: Run): AnalysisCard<number> {
  const scalars = scalarsOf(deck, binding);
  return bindAnalysis(card, (name) => scalars.get(name) ?? Number.NaN);
}

/** @throws InputError with what is wrong with the first run that makes no sense */
export function demandSense(
  deck: Deck,
  compiled: Compiled,
  plan: readonly Job[],
  options: AnalysisOptions,
  at: readonly number[] | undefined,
): void {
  for (const job of plan) {
    try {
      for (const run of job.runs) {
        if (Object.keys(run.step).length > 0) demandBounds(compiled, run.binding, run.step);
        demandAnalysis(cardOf(deck, job, run), run.binding);
      }
    } catch (error) {
      throw placed(error, job.card.span);
    }
  }

  function demandAnalysis(card: AnalysisCard<number>, binding: Binding): void {
    if (card.kind === 'ac') frequencies(card);
    if (card.kind === 'tran') {
      marchOptions(card, options);
      demandWithin(at ?? [], card.tstop, card.span);
    }
    if (card.kind !== 'dc') return;
    for (const { variable, start, stop, step } of card.sweeps) {
      const values = linearGrid(start, stop, step, card.span);
      if (variable.kind === 'source') continue;
      const name = variableName(variable);
      for (const value of telling(variable, values))
        demandBounds(compiled, assign(binding, variable, value), { [name]: value });
    }
  }
}

/** Of a number that is swept by itself the ends tell, and 0: bounds are intervals. Of what expressions use, every value does. */
function telling({ kind }: SweepVariable, values: Float64Array): Float64Array {
  if (kind !== 'element' && kind !== 'model') return values;
  return values.filter((value, k) => k === 0 || k === values.length - 1 || value === 0);
}

/** @throws InputError when what is swept leaves the bounds of a device */
function demandBounds(compiled: Compiled, binding: Binding, swept: Run['step']): void {
  const faults = compiled.faults(binding);
  if (faults.length === 0) return;
  const where = Object.entries(swept).map(([name, value]) => `${name} = ${value}`);
  throw new InputError(faults.map((f) => ({ ...f, message: `${f.message}, where ${where.join(', ')}` })));
}

function demandWithin(at: readonly number[], tstop: number, span: Span): void {
  const outside = at.filter((t) => !(t >= 0 && t <= tstop));
  if (outside.length === 0) return;
  const times = outside.length > 3 ? `${outside[0]} … ${outside.at(-1)}` : outside.join(', ');
  const message = `results at ${times} s: the run lasts from 0 to ${tstop} s`;
  const hint = 'ask for results while it lasts, or let it last longer';
  throw new InputError([{ severity: 'error', code: 'bad-time', message, hint, span }]);
}

/** A number that makes no sense to an analysis, as an input error at its card. */
export function placed(error: unknown, span: Span): unknown {
  if (!(error instanceof RangeError)) return error;
  const hint = 'mend the numbers of this card';
  return new InputError([{ severity: 'error', code: 'bad-analysis', message: error.message, hint, span }]);
}
