// Curves on two logarithmic axes, as SVG.
import { traceColour } from '../../src/output/palette.js';

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  readonly dashed?: boolean;
}

export interface LogLog {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

const WIDTH = 700;
const HEIGHT = 420;
const LEFT = 70;
const RIGHT = 230;
const TOP = 44;
const BOTTOM = 54;

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]!);

const decades = (values: readonly number[]): readonly [number, number] => {
  const logs = values.map(Math.log10);
  const low = Math.floor(Math.min(...logs));
  return [low, Math.max(low + 1, Math.ceil(Math.max(...logs)))];
};

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const power = (n: number): string =>
  `10${n < 0 ? '⁻' : ''}${[...String(Math.abs(n))].map((d) => SUPERSCRIPTS[Number(d)]).join('')}`;

/** Points that are not positive and finite are left out. */
export function logLog(plot: LogLog): string {
  const series = plot.series.map((s) => ({
    ...s,
    points: s.points.filter(([x, y]) => x > 0 && y > 0 && x < Infinity && y < Infinity),
  }));
  const all = series.flatMap((s) => s.points);
  const [x0, x1] = decades(all.map(([x]) => x));
  const [y0, y1] = decades(all.map(([, y]) => y));
  const px = (x: number) => LEFT + ((Math.log10(x) - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT);
  const py = (y: number) => HEIGHT - BOTTOM - ((Math.log10(y) - y0) / (y1 - y0)) * (HEIGHT - TOP - BOTTOM);
  const right = WIDTH - RIGHT;
  const bottom = HEIGHT - BOTTOM;
  const text = (x: number, y: number, content: string, more = '') =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escaped(content)}</text>`;
  const line = (a: number, b: number, c: number, d: number, stroke: string) =>
    `<line x1="${a.toFixed(1)}" y1="${b.toFixed(1)}" x2="${c.toFixed(1)}" y2="${d.toFixed(1)}" stroke="${stroke}"/>`;

  const parts: string[] = [];
  for (let k = x0; k <= x1; k++) {
    const x = px(10 ** k);
    parts.push(line(x, TOP, x, bottom, '#ccc'), text(x, bottom + 18, power(k), 'text-anchor="middle"'));
    if (k < x1)
      for (let m = 2; m < 10; m++) parts.push(line(px(m * 10 ** k), TOP, px(m * 10 ** k), bottom, '#f0f0f0'));
  }
  for (let k = y0; k <= y1; k++) {
    const y = py(10 ** k);
    parts.push(line(LEFT, y, right, y, '#ccc'), text(LEFT - 8, y + 4, power(k), 'text-anchor="end"'));
    if (k < y1)
      for (let m = 2; m < 10; m++) parts.push(line(LEFT, py(m * 10 ** k), right, py(m * 10 ** k), '#f0f0f0'));
  }
  series.forEach((s, k) => {
    const colour = traceColour(k, series.length);
    const path = s.points
      .map(([x, y], i) => `${i ? 'L' : 'M'}${px(x).toFixed(1)} ${py(y).toFixed(1)}`)
      .join('');
    parts.push(
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"${s.dashed ? ' stroke-dasharray="6 4"' : ''}/>`,
      ...s.points.map(
        ([x, y]) => `<circle cx="${px(x).toFixed(1)}" cy="${py(y).toFixed(1)}" r="3.5" fill="${colour}"/>`,
      ),
      `<circle cx="${right + 16}" cy="${TOP + 12 + 22 * k}" r="4" fill="${colour}"/>`,
      text(right + 26, TOP + 16 + 22 * k, s.name),
    );
  });
  parts.push(
    text(LEFT, 26, plot.title, 'font-size="15" font-weight="bold"'),
    text((LEFT + right) / 2, HEIGHT - 14, plot.x, 'text-anchor="middle"'),
    `<text transform="translate(18 ${(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(plot.y)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}
