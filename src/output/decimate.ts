// A trace with far more points than pixels drawn with the same ink: per pixel column its first, lowest, highest and
// last point.

/** Pixel coordinates of a trace as an SVG path; non-finite values break the line. `px`, `py` map a point to pixels. */
export function tracePath(
  points: number,
  px: (k: number) => number,
  py: (k: number) => number,
  columns: number,
): string {
  const out: string[] = [];
  let pen = false;
  const put = (k: number): void => {
    out.push(`${pen ? 'L' : 'M'}${round(px(k))} ${round(py(k))}`);
    pen = true;
  };
  if (points <= 4 * columns) {
    for (let k = 0; k < points; k++) {
      if (Number.isFinite(px(k)) && Number.isFinite(py(k))) put(k);
      else pen = false;
    }
    return out.join('');
  }
  let k = 0;
  while (k < points) {
    if (!Number.isFinite(px(k)) || !Number.isFinite(py(k))) {
      pen = false;
      k++;
      continue;
    }
    const column = Math.floor(px(k));
    const first = k;
    let low = k;
    let high = k;
    let last = k;
    while (k < points && Math.floor(px(k)) === column && Number.isFinite(py(k))) {
      if (py(k) < py(low)) low = k;
      if (py(k) > py(high)) high = k;
      last = k++;
    }
    const order = [first, Math.min(low, high), Math.max(low, high), last];
    order.forEach((p, n) => {
      if (n === 0 || p !== order[n - 1]) put(p);
    });
  }
  return out.join('');
}

const round = (v: number): number => Math.round(v * 10) / 10;
