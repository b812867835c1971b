// Waveforms as a picture: one panel per unit (per magnitude and phase for AC) over a shared axis, drawn as SVG.
import type { Column, Dataset } from '../analysis/dataset.js';
import { tracePath } from './decimate.js';
import { traceColour } from './palette.js';
import { linear, logarithmic, plain, type Scale, siNumber, siPrefix } from './scale.js';

const LEFT = 72;
const TOP = 56;
const GAP = 22;
const ROW = 16;
/** Characters of a label in a legend of one or of two columns; of longer ones the signal is cut. */
const LABEL = [30, 16];

/** Title and size of a picture. */
export interface PlotOptions {
  readonly title?: string;
  /** Pixels; default 960. */
  readonly width?: number;
  /** Height of one panel in pixels; default 220. */
  readonly panelHeight?: number;
}

interface Trace {
  readonly label: string;
  /** How many characters at its end tell the run. */
  readonly step: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

interface Panel {
  readonly label: string;
  readonly unit: string;
  readonly traces: readonly Trace[];
}

interface Legend {
  readonly columns: number;
  /** Pixels of one column. */
  readonly width: number;
  /** Characters of the longest label shown. */
  readonly characters: number;
}

/** Panels over one axis. */
interface Section {
  readonly axis: Column;
  readonly panels: readonly Panel[];
}

/**
 * An SVG of everything that has an axis: one section per analysis (runs of a `.step` share it), one panel per unit.
 * Returns undefined when there is nothing to draw (operating points only).
 */
export function plotSvg(datasets: readonly Dataset[], options: PlotOptions = {}): string | undefined {
  const sections = sectionsOf(datasets);
  if (sections.length === 0) return undefined;
  const width = options.width ?? 960;
  const height = options.panelHeight ?? 220;
  const widest = Math.max(...sections.flatMap((s) => s.panels.map((p) => p.traces.length)));
  const longest = Math.max(
    ...sections.flatMap((s) => s.panels.flatMap((p) => p.traces.map((t) => t.label.length))),
  );
  const columns = widest > Math.floor(height / ROW) ? 2 : 1;
  const characters = Math.min(LABEL[columns - 1], longest);
  const legend = { columns, characters, width: 36 + 7.2 * characters };
  const right = Math.round(width - 12 - legend.width * legend.columns);
  const body: string[] = [];
  let y = TOP;
  for (const section of sections) {
    const x = xScale(section, [LEFT, right]);
    section.panels.forEach((panel, k) => {
      body.push(drawPanel(panel, section.axis, x, y, height, right, k === section.panels.length - 1, legend));
      y += height + GAP;
    });
    y += 34;
  }
  const title = options.title ?? datasets[0].title;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12" fill="#444">`,
    `<title>${markup(title)}</title>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${y - 1}" rx="10" fill="#fff" stroke="#d9d9d9"/>`,
    `<text x="${LEFT}" y="32" font-size="16" font-weight="600" fill="#222">${markup(title)}</text>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

function sectionsOf(datasets: readonly Dataset[]): readonly Section[] {
  const groups = new Map<string, Dataset[]>();
  for (const d of datasets) {
    if (!d.axis || d.axis.values.length === 0) continue;
    const key = `${d.analysis} ${d.axis.name} ${d.columns.map((c) => c.name).join()}`;
    groups.set(key, [...(groups.get(key) ?? []), d]);
  }
  return [...groups.values()].map((runs) => ({ axis: runs[0].axis!, panels: panelsOf(runs) }));
}

function panelsOf(runs: readonly Dataset[]): readonly Panel[] {
  const panels = new Map<string, { label: string; unit: string; traces: Trace[] }>();
  const put = (key: string, label: string, unit: string, trace: Trace): void => {
    let panel = panels.get(key);
    if (!panel) panels.set(key, (panel = { label, unit, traces: [] }));
    panel.traces.push(trace);
  };
  for (const run of runs) {
    const x = run.axis!.values;
    const step = Object.entries(run.step ?? {}).map(([name, v]) => `${name}=${siNumber(v).replace(' ', '')}`);
    for (const c of run.columns) {
      const label = [c.name, ...step].join(' ');
      const trace = { label, step: label.length - c.name.length, x };
      if (c.imaginary) {
        const { decibel, phase } = polar(c.values, c.imaginary);
        put('dB', 'magnitude', 'dB', { ...trace, y: decibel });
        put('°', 'phase', '°', { ...trace, y: phase });
      } else {
        put(`${c.quantity} ${c.unit} ${panelName(c)}`, panelName(c), c.unit, { ...trace, y: c.values });
      }
    }
  }
  return [...panels.values()];
}

/** What a panel shows: a quantity; a device's own unknown (`w(n1)`) and pure numbers by name. */
function panelName(c: Column): string {
  const [, word] = /^(\w+)\([^()]*\)$/.exec(c.name) ?? [];
  if (word !== undefined && !/^[vi][mprid]?b?$/.test(word)) return word;
  if (c.unit === 'dB') return 'magnitude';
  if (c.unit === 'rad') return 'phase';
  if (c.quantity === 'number') return c.unit ? '' : c.name;
  return c.quantity;
}

/** Magnitude in dB and phase in degrees, without jumps of 360°. */
export function polar(
  re: Float64Array,
  im: Float64Array,
): { readonly decibel: Float64Array; readonly phase: Float64Array } {
  const decibel = re.map((a, k) => 20 * Math.log10(Math.hypot(a, im[k])));
  const phase = new Float64Array(re.length);
  let turns = 0;
  for (let k = 0; k < re.length; k++) {
    const angle = (Math.atan2(im[k], re[k]) * 180) / Math.PI;
    if (k > 0) turns -= Math.round((angle + 360 * turns - phase[k - 1]) / 360);
    phase[k] = angle + 360 * turns;
  }
  return { decibel, phase };
}

function xScale(section: Section, pixels: readonly [number, number]): Scale {
  const [low, high] = extent(section.panels.flatMap((p) => p.traces.map((t) => t.x)));
  const log = section.axis.quantity === 'frequency' && low > 0 && high / low >= 10;
  return log ? logarithmic(low, high, pixels) : linear(low, high, pixels, 10);
}

function extent(arrays: readonly Float64Array[]): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of arrays) {
    for (const v of values) {
      if (v < low && Number.isFinite(v)) low = v;
      if (v > high && Number.isFinite(v)) high = v;
    }
  }
  return low <= high ? [low, high] : [0, 1];
}

function drawPanel(
  panel: Panel,
  axis: Column,
  x: Scale,
  top: number,
  height: number,
  right: number,
  last: boolean,
  legend: Legend,
): string {
  const bottom = top + height;
  const [low, high] = extent(panel.traces.map((t) => t.y));
  const pad = 0.04 * (high - low);
  const step = panel.unit === '°' && high - low > 60 ? 45 * Math.ceil((high - low) / 270) : undefined;
  const y = linear(low - pad, high + pad, [bottom, top], 6, step === undefined ? {} : { step });
  const unit = siUnit(panel.unit, y.ticks);
  const parts: string[] = ['<g>'];
  const grid = (x1: number, y1: number, x2: number, y2: number, colour: string): string =>
    `<path d="M${fix(x1)} ${fix(y1)}L${fix(x2)} ${fix(y2)}" stroke="${colour}" fill="none"/>`;
  for (const t of x.minor) parts.push(grid(x.pixel(t), top, x.pixel(t), bottom, '#f4f4f4'));
  for (const t of x.ticks) parts.push(grid(x.pixel(t), top, x.pixel(t), bottom, '#e6e6e6'));
  for (const t of y.ticks) {
    const at = y.pixel(t);
    const zero = t === 0 && low < 0 && high > 0;
    parts.push(grid(LEFT, at, right, at, zero ? '#bdbdbd' : '#e6e6e6'));
    parts.push(`<text x="${LEFT - 8}" y="${fix(at + 4)}" text-anchor="end">${plain(t / unit.factor)}</text>`);
  }
  const caption = [panel.label, unit.text && `(${unit.text})`].filter(Boolean).join(' ');
  const middle = fix((top + bottom) / 2);
  parts.push(
    `<text transform="translate(20 ${middle}) rotate(-90)" text-anchor="middle">${markup(caption)}</text>`,
  );
  panel.traces.forEach((t, k) => {
    const colour = traceColour(k, panel.traces.length);
    const path = tracePath(
      t.x.length,
      (i) => x.pixel(t.x[i]),
      (i) => y.pixel(t.y[i]),
      right - LEFT,
    );
    parts.push(
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.5" stroke-linejoin="round"><title>${markup(t.label)}</title></path>`,
    );
  });
  parts.push(`<path d="M${LEFT} ${top}V${bottom}H${fix(right)}" stroke="#8a8a8a" fill="none"/>`);
  if (last) parts.push(drawXAxis(axis, x, bottom, right));
  parts.push(drawLegend(panel, top, height, right, legend), '</g>');
  return parts.join('\n');
}

function drawXAxis(axis: Column, x: Scale, bottom: number, right: number): string {
  const log = x.minor.length > 0;
  const unit = log ? { factor: 1, text: axis.unit } : siUnit(axis.unit, x.ticks);
  const labels = x.ticks.map((t) => {
    const text = log ? siNumber(t) : plain(t / unit.factor);
    return `<text x="${fix(x.pixel(t))}" y="${bottom + 18}" text-anchor="middle">${text}</text>`;
  });
  const name = unit.text ? `${axis.name} (${unit.text})` : axis.name;
  const centre = fix((LEFT + right) / 2);
  return [
    ...labels,
    `<text x="${centre}" y="${bottom + 38}" text-anchor="middle">${markup(name)}</text>`,
  ].join('\n');
}

function drawLegend(panel: Panel, top: number, height: number, right: number, legend: Legend): string {
  const rows = Math.floor(height / ROW);
  const room = rows * legend.columns;
  const n = panel.traces.length;
  const shown =
    n <= room
      ? panel.traces.map((_, k) => k)
      : Array.from({ length: room }, (_, k) => Math.round((k * (n - 1)) / (room - 1)));
  return shown
    .map((k, place) => {
      const x = right + 16 + legend.width * Math.floor(place / rows);
      const y = top + ROW * (place % rows) + 8;
      const short = shortened(panel.traces[k], legend.characters);
      return (
        `<path d="M${fix(x)} ${y}h16" stroke="${traceColour(k, n)}" stroke-width="3"/>` +
        `<text x="${fix(x + 22)}" y="${y + 4}">${markup(short)}</text>`
      );
    })
    .join('\n');
}

/** A label of so many characters at most: of the signal only the beginning, where that leaves the run its end. */
function shortened({ label, step }: Pick<Trace, 'label' | 'step'>, characters: number): string {
  if (label.length <= characters) return label;
  const kept = step < characters - 2 ? step : 0;
  return `${label.slice(0, characters - 1 - kept)}…${label.slice(label.length - kept)}`;
}

/** Units that take an SI prefix take one; dB and degrees do not. */
function siUnit(unit: string, ticks: readonly number[]): { readonly factor: number; readonly text: string } {
  if (!/^(V|A|s|Hz|W|Ω|S|C|Wb)$/.test(unit)) return { factor: 1, text: unit };
  const { prefix, factor } = siPrefix(Math.max(...ticks.map(Math.abs)));
  return { factor, text: `${prefix}${unit}` };
}

const fix = (v: number): number => Math.round(v * 10) / 10;
const markup = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
