// Curves y(x) over one pair of axes, linear or logarithmic, as SVG: what was measured as lines with marks, what was
// predicted dashed.
import { traceColour } from './palette.js';
import { linear, logarithmic, plain, type Scale, siNumber } from './scale.js';

export interface ChartCurve {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Same length as y; points that are not finite are left out. */
  readonly predicted?: readonly number[];
}

export interface ChartOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Pixels; default 960 × 480. */
  readonly width?: number;
  readonly height?: number;
}

const LEFT = 84;
const TOP = 56;
const BOTTOM = 56;
const ROW = 16;
/** A range wider than this is drawn logarithmically when all of it is positive. */
const DECADE = 10;

/** An SVG, or undefined when there is no point to draw. */
export function chartSvg(curves: readonly ChartCurve[], options: ChartOptions): string | undefined {
  const { width = 960, height = 480 } = options;
  const longest = Math.max(0, ...curves.map((c) => c.label.length));
  const right = Math.round(width - 60 - 7.2 * Math.min(40, longest));
  const base = height - BOTTOM;
  const drawn = curves.map((c) => ({
    ...c,
    points: finite(c.x, c.y),
    dashes: finite(c.x, c.predicted ?? []),
  }));
  const all = drawn.flatMap((c) => [...c.points, ...c.dashes]);
  if (all.length === 0) return undefined;
  const x = scaleOf(
    all.map(([a]) => a),
    [LEFT, right],
  );
  const y = scaleOf(
    all.map(([, b]) => b),
    [base, TOP],
  );
  const at = ([a, b]: Point): string => `${fix(x.pixel(a))} ${fix(y.pixel(b))}`;
  const path = (points: readonly Point[]): string =>
    points.length > 0 ? `M${points.map(at).join('L')}` : '';
  const body = [...axes(x, y, right, base, options)];
  drawn.forEach(({ label, points, dashes }, k) => {
    const colour = traceColour(k, drawn.length);
    const line = `fill="none" stroke="${colour}"`;
    if (dashes.length > 0)
      body.push(`<path d="${path(dashes)}" ${line} stroke-width="1.2" stroke-dasharray="5 4" opacity=".8"/>`);
    body.push(
      `<path d="${path(points)}" ${line} stroke-width="1.8"><title>${markup(label)}</title></path>`,
      ...points.map(
        (p) => `<circle cx="${fix(x.pixel(p[0]))}" cy="${fix(y.pixel(p[1]))}" r="2.6" fill="${colour}"/>`,
      ),
      `<path d="M${right + 16} ${TOP + ROW * k + 8}h16" stroke="${colour}" stroke-width="3"/>`,
      `<text x="${right + 38}" y="${TOP + ROW * k + 12}">${markup(label)}</text>`,
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12" fill="#444">`,
    `<title>${markup(options.title)}</title>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10" fill="#fff" stroke="#d9d9d9"/>`,
    `<text x="${LEFT}" y="32" font-size="16" font-weight="600" fill="#222">${markup(options.title)}</text>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

type Point = readonly [number, number];

const finite = (x: readonly number[], y: readonly number[]): readonly Point[] =>
  y.flatMap((b, k): Point[] => (Number.isFinite(b) && Number.isFinite(x[k]) ? [[x[k], b]] : []));

function scaleOf(values: readonly number[], pixels: readonly [number, number]): Scale {
  const positive = values.filter((v) => v > 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low > 0 && high / low > DECADE) return logarithmic(low / 1.2, high * 1.2, pixels);
  // Zero among powers of ten is drawn at the axis.
  if (low === 0 && positive.length > 0 && high / Math.min(...positive) > DECADE ** 2) {
    const floor = Math.min(...positive) / 1.5;
    const scale = logarithmic(floor, high * 1.2, pixels);
    return { ...scale, pixel: (v) => scale.pixel(Math.max(v, floor)) };
  }
  return linear(low, high, pixels, 8, { nice: true });
}

function axes(x: Scale, y: Scale, right: number, base: number, { xLabel, yLabel }: ChartOptions): string[] {
  const grid = (d: string, colour: string): string => `<path d="${d}" stroke="${colour}" fill="none"/>`;
  const across = (t: number): string => `M${LEFT} ${fix(y.pixel(t))}H${right}`;
  const down = (t: number): string => `M${fix(x.pixel(t))} ${TOP}V${base}`;
  return [
    ...x.minor.map((t) => grid(down(t), '#f4f4f4')),
    ...y.minor.map((t) => grid(across(t), '#f4f4f4')),
    ...x.ticks.map((t) => grid(down(t), '#e6e6e6')),
    ...y.ticks.map((t) => grid(across(t), '#e6e6e6')),
    ...x.ticks.map(
      (t) => `<text x="${fix(x.pixel(t))}" y="${base + 18}" text-anchor="middle">${label(x, t)}</text>`,
    ),
    ...y.ticks.map(
      (t) => `<text x="${LEFT - 8}" y="${fix(y.pixel(t) + 4)}" text-anchor="end">${label(y, t)}</text>`,
    ),
    grid(`M${LEFT} ${TOP}V${base}H${right}`, '#8a8a8a'),
    `<text x="${(LEFT + right) / 2}" y="${base + 40}" text-anchor="middle">${markup(xLabel)}</text>`,
    `<text transform="translate(20 ${(TOP + base) / 2}) rotate(-90)" text-anchor="middle">${markup(yLabel)}</text>`,
  ];
}

/** Powers of ten by their exponent where there are many, else the number. */
const label = (scale: Scale, tick: number): string =>
  scale.minor.length > 0 && (tick < 1e-3 || tick >= 1e4)
    ? tick.toExponential(0).replace('e', '·10^').replace(/^1·/, '').replace('+', '')
    : scale.minor.length > 0
      ? siNumber(tick).replace(' ', '')
      : plain(tick);

const fix = (v: number): number => Math.round(v * 10) / 10;
const markup = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
