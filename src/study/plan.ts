// What a deck asks for as a list of jobs: which analysis, under which bindings, recording which base signals.
import type { Binding, Compiled } from '../circuit/compile.js';
import type { System } from '../circuit/system.js';
import { type Diagnostic, InputError } from '../errors.js';
import { symbol } from '../expression/build.js';
import { didYouMean } from '../expression/suggest.js';
import type { AnalysisCard, Deck, SavedSignal } from '../netlist/deck.js';
import { measureExpressions } from '../output/measure.js';
import { baseNames } from '../output/signals.js';
import { type Run, runsOf } from './sweep.js';

export interface Job {
  /** `op`, `dc`, `ac`, `tran`; from the second of a kind on with its number: `tran2`. */
  readonly label: string;
  readonly card: AnalysisCard;
  readonly runs: readonly Run[];
  /** Columns of the result, in order. */
  readonly saved: readonly Pick<SavedSignal, 'name' | 'expr'>[];
  /** Base signals to record. */
  readonly probes: readonly string[];
}

/** @throws InputError when a signal that is asked for does not exist, or when there is nothing to do. */
export function planOf(deck: Deck, compiled: Compiled, base: Binding): readonly Job[] {
  if (deck.analyses.length === 0) {
    throw new InputError([
      {
        severity: 'error',
        code: 'no-analysis',
        message: 'the deck asks for no analysis',
        hint:
          deck.costs.length > 0
            ? 'add .op, .dc, .ac or .tran; tellegen grad, train and bench need none'
            : 'add .op, .dc, .ac or .tran',
      },
    ]);
  }
  const counts = new Map<string, number>();
  const jobs = deck.analyses.map((card): Job => {
    const count = (counts.get(card.kind) ?? 0) + 1;
    counts.set(card.kind, count);
    const saved = savedBy(deck, compiled, card.kind);
    const measured = deck.measures.filter((m) => m.analysis === card.kind).flatMap(measureExpressions);
    return {
      label: count > 1 ? `${card.kind}${count}` : card.kind,
      card,
      runs: runsOf(deck, base, card.data),
      saved,
      probes: baseNames([...saved.map((s) => s.expr), ...measured]),
    };
  });
  checkSignals(deck, compiled, compiled.bind(base), jobs);
  return jobs;
}

/** The signals saved for one kind of analysis; the default ones when none is named or `all` is. */
function savedBy(deck: Deck, compiled: Compiled, kind: AnalysisCard['kind']): Job['saved'] {
  const named = deck.saves.filter((s) => s.analysis === undefined || s.analysis === kind);
  const standard = (): Job['saved'] => compiled.baseSignals.map((name) => ({ name, expr: symbol(name) }));
  const wanted = named.length === 0 || deck.saveAll ? [...standard(), ...named] : named;
  return [...new Map(wanted.map((s) => [s.name, s])).values()];
}

function checkSignals(deck: Deck, compiled: Compiled, system: System, jobs: readonly Job[]): void {
  const names = new Set(jobs.flatMap((j) => j.probes));
  const missing = [...names].filter((name) => compiled.probe(system, name) === undefined);
  const cards = [
    ...deck.saves.map((s) => ({ span: s.span, reads: baseNames([s.expr]) })),
    ...deck.measures.map((m) => ({ span: m.span, reads: baseNames(measureExpressions(m)) })),
  ];
  const problems = missing.map((name): Diagnostic => {
    const span = cards.find((c) => c.reads.includes(name))?.span;
    return {
      severity: 'error',
      code: 'unknown-signal',
      message: `there is no signal ${name} in this circuit`,
      hint:
        didYouMean(name, compiled.baseSignals) ?? 'signals are v(node), v(node,node), i(element), w(cell)',
      ...(span ? { span } : {}),
    };
  });
  if (problems.length > 0) throw new InputError(problems);
}
