// What a bench found: a table for people, JSON for programs, curves to look at.
import type { CostKind } from '../learn/hardware/kinds.js';
import type { Knob } from '../learn/hardware/knob.js';
import { rangeOf } from '../learn/hardware/range.js';
import { KNOB_NAMES, KNOBS } from '../learn/hardware/registry.js';
import type { Row } from '../learn/hardware/rows.js';
import { SETTLED } from '../learn/hardware/settling.js';
import { chartSvg } from '../output/chart.js';
import { plain, siNumber } from '../output/scale.js';
import { jsonText } from './json.js';
import type { Sweep } from './levels.js';
import { align, withUnit } from './table.js';

export interface BenchReport {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly sweeps: readonly Sweep[];
  readonly samples: number;
  readonly seed: number;
  /** What the costs are of. */
  readonly kinds: readonly CostKind[];
}

const SHOWN = 3;
/** Groups of parameters that have a column of their own. */
const MOST_GROUPS = 4;
const GROUP_WIDTH = 14;

/** Everything that can be turned up, with unit, range and what it is. */
export const knobTable = (): string =>
  align([
    ['name', 'unit', 'ideal', 'range', '.cost', 'what it is'],
    ...KNOB_NAMES.map((name) => {
      const { unit, summary, ideal, unasked, costs = [] }: Knob = KNOBS[name];
      const idle = unasked === undefined ? `${ideal}` : '–';
      return [name, unit || '1', idle, rangeOf(name), costs.join(' ') || 'any', summary];
    }),
  ]);

export function benchTable({ title, rows, sweeps, samples, kinds }: BenchReport): string {
  const groups = Object.keys(rows[0]?.perturbed.groups ?? {});
  const apart = groups.length > 1 && groups.length <= MOST_GROUPS ? groups : [];
  const head = [
    ...sweeps.map((s) => s.knob),
    'rule',
    'rel. error',
    '±',
    'predicted',
    'misalign.',
    ...apart.map((group) => `of ${shortened(group)}`),
    'norm',
    'SNR',
    'dead',
    'nominal',
    'residual',
    'time',
    'energy',
    'devices',
  ];
  const body = rows.map((row) => [
    ...sweeps.map((s) => number(row.hardware[s.knob])),
    row.rule,
    ...(row.samples === 0
      ? ['no answer']
      : [
          number(row.perturbed.relativeError),
          number(row.perturbed.uncertainty),
          number(row.predicted),
          number(row.perturbed.misalignment),
          ...apart.map((group) => number(row.perturbed.groups[group])),
          number(row.perturbed.normRatio),
          number(row.perturbed.snr),
          percent(row.perturbed.deadShare),
          number(row.nominal.relativeError),
          number(row.residual),
          withUnit(row.seconds, 's', SHOWN),
          withUnit(row.joules, 'J', SHOWN),
          `${row.devices} × ${row.copies}`,
        ]),
  ]);
  const notes = [
    `relative errors are rms over ${samples} chips, or one where all are alike, against the exact gradient of the chip;`,
    '"nominal" against that of the design; predicted by the laws of degradation as far as they reach',
    ...silences(rows, kinds),
    ...bills(rows, kinds),
    ...strengths(rows),
    ...optima(rows),
    ...failures(rows),
  ];
  return `${title}\n\n${align([head, ...body])}\n${notes.join('\n')}\n`;
}

/** Why nothing is predicted, where nothing is. */
function silences(rows: readonly Row[], kinds: readonly CostKind[]): readonly string[] {
  if (rows.every(({ samples, predicted }) => samples === 0 || !Number.isNaN(predicted))) return [];
  if (kinds.includes('ac')) return ['"predicted" is –: there are no laws for costs of AC responses'];
  const over = kinds.includes('tran');
  const rules = over ? 'replay' : 'contrasts of phases and of stress';
  return [
    `"predicted" is – where no law speaks: here they speak of ${rules}, of most faults, and while what they leave out is small`,
    ...(over && kinds.includes('op')
      ? ['of costs at rest and over time together they speak of faults that replay does not feel at rest']
      : []),
  ];
}

/** What time is charged for. */
function bills(rows: readonly Row[], kinds: readonly CostKind[]): readonly string[] {
  const lines: string[] = [];
  if (!rows.some((r) => r.seconds > 0))
    return ['the circuit stores nothing: its phases take no time and no energy'];
  if (kinds.includes('op') || kinds.includes('ac'))
    lines.push(`a phase that is left to settle is charged ${SETTLED} slowest time constants`);
  if (kinds.includes('ac'))
    lines.push(
      'responses that are read one period at each frequency; what AC sources deliver is not counted',
    );
  if (kinds.includes('tran'))
    lines.push('a run over time is charged its length; replay takes two, from first to last');
  return lines;
}

/** β where nobody says. */
function strengths(rows: readonly Row[]): readonly string[] {
  const own = rows.filter((r) => r.hardware.beta === 0 && r.rule !== 'coupled' && !Number.isNaN(r.beta));
  const known = [...new Set(own.map((r) => number(r.beta)))];
  return known.length > 0 ? [`β = ${known.join(', ')} unless it is given`] : [];
}

/** The best β of every rule, where there is a trade-off, once for every noise of reading. */
function optima(rows: readonly Row[]): readonly string[] {
  const lines = rows.flatMap(({ rule, optimum, hardware }) =>
    optimum
      ? [
          `${rule}: best β = ${number(optimum.beta)} with an error of ${number(optimum.relativeError)} when read = ${number(hardware.read)} V`,
        ]
      : [],
  );
  return [...new Set(lines)];
}

const failures = (rows: readonly Row[]): readonly string[] => [
  ...new Set(
    rows.flatMap(({ rule, failure, hint, failures: count, samples }) =>
      failure
        ? [
            `${rule}: no answer on ${count} of ${count + samples} chips: ${failure}${hint ? `\n  help: ${hint}` : ''}`,
          ]
        : [],
    ),
  ),
];

export function benchJson({ title, rows, sweeps, samples, seed }: BenchReport): string {
  return jsonText({
    title,
    seed,
    samples,
    sweeps: sweeps.map(({ knob, levels }) => ({ name: knob, unit: KNOBS[knob].unit, levels })),
    rows: rows.map(({ hardware, ...row }) => ({
      ...row,
      levels: Object.fromEntries(sweeps.map(({ knob }) => [knob, hardware[knob]])),
      hardware: Object.fromEntries(
        KNOB_NAMES.filter((name) => hardware[name] !== KNOBS[name].ideal).map((name) => [
          name,
          hardware[name],
        ]),
      ),
    })),
  });
}

/** The relative error over the first sweep: a curve per rule, and per combination of the other sweeps. */
export function benchPlot({ title, rows, sweeps }: BenchReport): string | undefined {
  const [first, ...others] = sweeps;
  if (first === undefined) return undefined;
  const curves = new Map<string, Row[]>();
  for (const row of rows) {
    const where = others.map((s) => `${s.knob}=${siNumber(row.hardware[s.knob], SHOWN).replace(' ', '')}`);
    const label = [row.rule, ...where].join(' ');
    curves.set(label, [...(curves.get(label) ?? []), row]);
  }
  const { unit } = KNOBS[first.knob];
  return chartSvg(
    [...curves].map(([label, list]) => ({
      label,
      x: list.map((r) => r.hardware[first.knob]),
      y: list.map((r) => r.perturbed.relativeError),
      predicted: list.map((r) => r.predicted),
    })),
    {
      title,
      xLabel: unit ? `${first.knob} (${unit})` : first.knob,
      yLabel: 'relative error of the gradient',
    },
  );
}

const shortened = (group: string): string =>
  group.length > GROUP_WIDTH ? `${group.slice(0, GROUP_WIDTH - 1)}…` : group;

function number(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return '∞';
  if (value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5)) return plain(value, SHOWN);
  return value.toExponential(SHOWN - 1).replace('e+', 'e');
}

const percent = (share: number): string => `${plain(100 * share, SHOWN)} %`;
