// Every deck of netlists/ in ngspice: as it stands where ngspice knows its elements, and always through our writer.
import { describe, expect, it } from 'vitest';
import { parseDeck } from '../../src/netlist/parse.js';
import { writeDeck } from '../../src/netlist/write.js';
import { column, deckText, run } from '../netlists/run.js';
import { interpolate, type NgspiceRun, ngspice } from '../support/ngspice.js';

interface Comparison {
  readonly name: string;
  /** ngspice runs the text itself. */
  readonly native: boolean;
  readonly analysis: 'tran' | 'ac' | 'dc';
  /** For ngspice: fine enough that its own error is far below the tolerance. */
  readonly cards: readonly string[];
  /** Ours → theirs, where the names differ; two names are a difference. */
  readonly signals: Readonly<Record<string, readonly string[]>>;
  /** Largest difference, or root of the mean square where a waveform jumps. */
  readonly tolerance: number;
  readonly norm?: 'rms';
  /** Compared up to here (s). */
  readonly until?: number;
}

const itself = (...names: string[]) => Object.fromEntries(names.map((name) => [name, [name]]));
const fine = '.options reltol=1e-6 abstol=1e-12 vntol=1e-8';

const comparisons: readonly Comparison[] = [
  {
    name: 'fhn-chain',
    native: false,
    analysis: 'tran',
    cards: [fine, '.tran 0.5 200 0 0.05'],
    signals: { ...itself('v(v1)', 'v(v10)', 'v(v20)'), 'w(n10)': ['v(w10)'] },
    tolerance: 2e-2,
  },
  {
    name: 'fhn-turing',
    native: false,
    analysis: 'tran',
    cards: [fine, '.tran 0.5 200 0 0.05'],
    signals: { ...itself('v(v1)', 'v(v10)', 'v(v20)', 'v(v30)', 'v(v40)'), 'w(n20)': ['v(w20)'] },
    tolerance: 5e-3,
  },
  {
    name: 'td-oscillator',
    native: false,
    analysis: 'tran',
    cards: [fine, '.tran 0.5n 300n 0 0.05n'],
    signals: itself('v(d)', 'i(l1)'),
    tolerance: 5e-3,
    norm: 'rms',
    until: 300e-9,
  },
  {
    name: 'line-reflection',
    native: true,
    analysis: 'tran',
    cards: ['.tran 0.05n 50n 0 0.02n'],
    signals: itself('v(in)', 'v(out)'),
    tolerance: 1e-2,
    norm: 'rms',
    until: 50e-9,
  },
  {
    name: 'line-chain',
    native: true,
    analysis: 'tran',
    cards: ['.tran 0.02n 40n 0 0.02n'],
    signals: itself('v(n0)', 'v(n5)', 'v(n10)'),
    tolerance: 1e-2,
    norm: 'rms',
    until: 40e-9,
  },
  {
    name: 'graetz',
    native: true,
    analysis: 'tran',
    cards: ['.options reltol=1e-4', '.tran 20u 0.1 0 10u'],
    signals: { 'v(inp,inn)': ['v(inp)', 'v(inn)'], 'v(outp,outn)': ['v(outp)', 'v(outn)'] },
    tolerance: 1e-2,
  },
  {
    name: 'rlc-filter',
    native: true,
    analysis: 'tran',
    cards: [fine, '.tran 0.2u 200u 0 0.1u'],
    signals: itself('v(in)', 'v(out)', 'i(l1)'),
    tolerance: 2e-3,
  },
  {
    name: 'rlc-filter',
    native: true,
    analysis: 'ac',
    cards: ['.ac dec 20 1k 10meg'],
    signals: itself('v(out)'),
    tolerance: 1e-9,
  },
  {
    name: 'multiplier',
    native: true,
    analysis: 'tran',
    cards: ['.options reltol=1e-4', '.tran 0.1u 250u 0 0.02u'],
    signals: itself('v(2)', 'v(10)', 'v(20)'),
    tolerance: 0.2,
    norm: 'rms',
  },
  {
    name: 'bistable',
    native: false,
    analysis: 'dc',
    cards: [fine, '.dc i1 -0.5m 0.5m 0.1m'],
    signals: itself('v(m)', 'i(vdd)'),
    tolerance: 1e-6,
  },
];

/** The deck's own text with one analysis. */
const alone = (text: string, cards: readonly string[]): string =>
  text.replace(/^\.(op|dc|ac|tran|save|options)\b.*$/gm, '').replace(/^\.end$/m, `${cards.join('\n')}\n.end`);

function compare(c: Comparison, theirs: NgspiceRun): void {
  const axis = [...theirs.columns.values()][0];
  const end = c.until ?? axis[axis.length - 1];
  const grid = Array.from({ length: 401 }, (_, k) => Math.min(end, (k * end) / 400));
  const ours = run(deckText(c.name), c.analysis, c.analysis === 'tran' ? { at: grid } : {});
  for (const [name, [plus, minus]] of Object.entries(c.signals)) {
    const read = (columns: ReadonlyMap<string, Float64Array>, x: number): number =>
      interpolate(axis, columns.get(plus)!, x) - (minus ? interpolate(axis, columns.get(minus)!, x) : 0);
    const parts = c.analysis === 'ac' ? [name.replace('v(', 'vr('), name.replace('v(', 'vi(')] : [name];
    parts.forEach((part, k) => {
      const values = column(ours, part);
      const differences = Array.from(ours.axis!.values, (x, j) =>
        Math.abs(values[j] - read(k === 0 ? theirs.columns : theirs.imaginary, x)),
      );
      const mean = differences.reduce((sum, d) => sum + d * d, 0) / differences.length;
      const size = c.norm === 'rms' ? Math.sqrt(mean) : Math.max(...differences);
      expect(size, `${part} of ${c.name}`).toBeLessThan(c.tolerance);
    });
  }
}

describe.each(comparisons)('$name, $analysis', (c) => {
  it('agrees with ngspice on the deck we write for it', async () => {
    compare(c, await ngspice(writeDeck(parseDeck(deckText(c.name)).circuit, { cards: c.cards })));
  });

  it.runIf(c.native)('agrees with ngspice on the text itself', async () => {
    compare(c, await ngspice(alone(deckText(c.name), c.cards)));
  });
});
