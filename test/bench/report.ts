// The results as tables for people.
import type { Comparison, Standing } from './compare.js';
import type { Gradients } from './gradients.js';
import type { Growth } from './growth.js';
import type { MutantReport } from './mutants.js';
import { type Curve, type EqualError, workFor } from './precision.js';
import { count, formatTable, megabytes, short } from './table.js';

export function reportComparison({ deck, reference, standings }: Comparison): string {
  const header = [
    deck,
    'unknowns',
    'points',
    'Newton',
    'factors',
    'CPU s',
    'analysis s',
    'peak MB',
    'error',
    'tellegen / it',
    'target',
  ];
  const rows = standings.map((s) => [
    s.contestant,
    count(s.unknowns),
    count(s.points),
    count(s.newton),
    count(s.factorisations),
    short(s.cpu),
    short(s.analysis),
    megabytes(s.peakBytes),
    Number.isNaN(s.error) ? '' : s.error.toExponential(1),
    short(s.ratio),
    s.target === undefined ? '' : `≤ ${s.target} ${s.verdict ?? ''}`,
  ]);
  const remarks = standings
    .filter((s) => s.failure !== undefined || s.runs === 1)
    .map((s) => `  ${s.contestant}: ${s.failure ?? 'one run only'}`);
  const judge =
    reference.cvode === undefined ? '' : `, ${reference.cvode.toExponential(1)} from CVODE at 1e-12`;
  return [
    formatTable(header, rows),
    `  reference: reltol ${reference.reltol.toExponential(0)}, ${reference.consistency.toExponential(1)} from ten times that${judge}`,
    ...remarks,
    '',
  ].join('\n');
}

/** Tellegen over CVODE at equal error, and whether that is what was to be reached. */
export interface Parity extends EqualError {
  readonly deck: string;
  readonly target?: number;
  readonly verdict?: string;
}

/** The whole table of targets with where each one stands. */
export function reportTargets(comparisons: readonly Comparison[], parities: readonly Parity[]): string {
  const judged = comparisons.flatMap(({ deck, standings }) => {
    const ours = standings.find((s) => s.contestant === 'tellegen');
    return standings
      .filter((s): s is Standing & { target: number } => s.target !== undefined)
      .map((s) => [
        deck,
        s.contestant,
        short(s.ratio),
        `≤ ${s.target}`,
        `${short(ours?.error)} / ${short(s.error)}`,
        s.verdict ?? '',
      ]);
  });
  const equal = parities.map(({ deck, limited, ratio, least, most, from, to, target, verdict }) => [
    deck,
    `cvode, analysis alone, ${limited ? 'largest step kept by both' : 'free steps for both'}`,
    `${short(ratio)} (${short(least)}–${short(most)})`,
    target === undefined ? '' : `≤ ${target}`,
    `equal, ${from.toExponential(0)}–${to.toExponential(0)}`,
    verdict ?? '',
  ]);
  return formatTable(
    ['deck', 'against', 'ratio', 'target', 'error / its error', 'verdict'],
    [...judged, ...equal],
  );
}

export function reportCurves(curves: readonly Curve[]): string {
  const rivals = curves.filter((c) => c.contestant === 'cvode');
  const rows = curves.flatMap((curve) =>
    curve.efforts.map((e) => {
      const rival = rivals.find((r) => r.limited === curve.limited);
      const ratio =
        curve.contestant === 'tellegen' && rival ? e.analysis / workFor(rival, e.error) : undefined;
      return [
        `${curve.contestant}${curve.limited ? '' : ', free steps'}`,
        e.reltol.toExponential(0),
        String(e.points),
        short(e.analysis),
        e.error.toExponential(1),
        short(ratio),
      ];
    }),
  );
  return formatTable(['', 'reltol', 'points', 'analysis s', 'error', '/ CVODE at equal error'], rows);
}

export function reportGrowth({ chain, timeExponent, memoryExponent, square, readings }: Growth): string {
  const sizes = formatTable(
    [
      'circuit',
      'cards',
      'unknowns',
      'entries',
      'points',
      'parse s',
      'compile s',
      'op s',
      'analysis s',
      'ms / step',
      'bytes / unknown',
    ],
    [...chain, ...square].map((s) => [
      s.name,
      String(s.cards),
      String(s.report.unknowns),
      String(s.report.entries),
      String(s.report.points),
      short(s.report.seconds.parse),
      short(s.report.seconds.compile),
      short(s.report.seconds.operatingPoint),
      short(s.report.seconds.analysis),
      short(1e3 * s.perStep),
      short(s.memory / s.report.unknowns),
    ]),
  );
  const reading = formatTable(
    ['cards', 'parse s', 'compile s', 'sum', 'check: CPU s', 'wall s', 'peak MB', ''],
    readings.map((r) => [
      String(r.cards),
      short(r.parse),
      short(r.compile),
      short(r.parse + r.compile),
      short(r.check.cpu),
      short(r.check.wall),
      megabytes(r.check.peakBytes),
      r.check.failure ?? 'ok',
    ]),
  );
  return [
    sizes,
    `  time per step ∝ unknowns^${timeExponent.toFixed(2)}, memory ∝ unknowns^${memoryExponent.toFixed(2)} (to reach: ≤ 1.1)`,
    '',
    reading,
    '  to reach: 100 000 cards in 1.5 s, a million in a default heap',
  ].join('\n');
}

export function reportGradients({ transient, operatingPoint }: Gradients): string {
  const rows = [...transient, operatingPoint].map((g, k) => [
    k < transient.length ? 'over time' : 'at rest',
    g.circuit,
    String(g.parameters),
    String(g.unknowns),
    String(g.rows),
    short(g.alone),
    short(g.withGradient),
    `${short(g.withGradient / g.alone)}×`,
    short(g.error),
  ]);
  return [
    formatTable(
      [
        'gradient',
        'circuit',
        'parameters',
        'unknowns',
        'rows',
        'run s',
        'run + gradient s',
        'ratio',
        'error',
      ],
      rows,
    ),
    '  to reach: over time at most 4× the run, whatever the number of parameters',
  ].join('\n');
}

export function reportMutants(count: number, report: MutantReport): string {
  const { results, diagnosed, failed, findings, slowest } = report;
  return [
    `${count} mutants: ${results} results, ${diagnosed} with diagnostics, ${failed} failed with a report; slowest ${slowest.toFixed(2)} s`,
    findings.length === 0 ? '  none ended otherwise' : `  ${findings.length} ended otherwise:`,
    ...findings.slice(0, 20).map((f) => `  ${f.index}: ${f.what}`),
  ].join('\n');
}
