// What a run did, for people: points, iterations, time, how the operating point was found, measures, files.
import type { Dataset } from '../analysis/dataset.js';
import type { MeasureResult } from '../output/measure.js';
import type { AnalysisRuns, Simulation } from '../study/simulate.js';
import { ORDERS, stepsByOrder } from './profile.js';
import { align, withUnit } from './table.js';

/** A few lines of text. @param seconds wall time of everything */
export function summary(simulation: Simulation, files: readonly string[], seconds: number): string {
  const lines = [
    ...simulation.analyses.filter((a) => a.runs.length > 0).map(ofAnalysis),
    ...measures(simulation.measures),
    `${files.length > 0 ? `wrote ${files.join(', ')}` : 'done'} in ${withUnit(seconds, 's', 3)}`,
  ];
  return lines.filter((l) => l !== '').join('\n');
}

/** Counts are added over the runs of a `.step`, words are listed once each. */
function ofAnalysis({ label, runs }: AnalysisRuns): string {
  const parts: string[] = [];
  for (const key of Object.keys(runs[0].statistics)) {
    const values = runs.map((r) => r.statistics[key]).filter((v) => v !== undefined);
    const words = values.filter((v) => typeof v === 'string');
    if (key === ORDERS) parts.push(`${key} ${stepsByOrder(words).join(' ')}`);
    else if (words.length > 0) parts.push(`${key} ${[...new Set(words)].join(', ')}`);
    else {
      const total = values.reduce<number>((sum, v) => sum + Number(v), 0);
      if (total !== 0) parts.push(amount(key, total));
    }
  }
  const many = runs.length > 1 ? ` (${runs.length} runs)` : '';
  const early = runs.every((r: Dataset) => r.complete) ? '' : ' ENDED EARLY:';
  return `${label}${many}:${early} ${parts.join(', ')}`;
}

const amount = (key: string, value: number): string =>
  key.startsWith('seconds')
    ? `${withUnit(value, 's', 3)}${key.replace('seconds', '').replace(' ', ' for the ')}`
    : `${value} ${value === 1 ? key.replace(/s$/, '') : key}`;

function measures(results: readonly MeasureResult[]): readonly string[] {
  if (results.length === 0) return [];
  const rows = results.map((m) => {
    const step = Object.entries(m.step ?? {}).map(([name, value]) => `${name}=${withUnit(value, '', 4)}`);
    return [m.name, '=', m.reason === undefined ? `${m.value}` : `not found: ${m.reason}`, step.join(' ')];
  });
  return [align(rows).replace(/ +$/gm, '').trimEnd()];
}
