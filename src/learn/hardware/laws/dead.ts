// Dead edges: parameters whose every local difference falls between two steps of the converters, or onto equal ones.
import { converterStep, gains } from '../read-out.js';
import { isContrast, isHarmonic, isStress, type Request, responseOf, type Site, span } from './law.js';

/** Unknowns that one parameter reads; of more the probability that none of them moves a step is taken. */
const MOST = 8;
/** Coefficients that cancel to less than this share of themselves are equal. */
const EQUAL = 1e-6;

/**
 * Share of the parameters whose gradient is read as 0 though it is not: unknown k moves by d_k between the phases, which
 * is read as ⌊d_k/q⌋ or one step more, the latter with the fraction of d_k/q for its probability.
 * NaN when nothing is known of it.
 */
export function deadShare(site: Site, request: Request): number {
  const { adc, adcrange, read } = request.hardware;
  const step = converterStep({ bits: adc, range: adcrange });
  if (step === 0) return 0;
  if (read > 0 || isHarmonic(request) || !(isContrast(request) || isStress(request))) return Number.NaN;
  const gain = gains(site.sample.system, site.x);
  const moves = responseOf(site, request).map((w, k) => (span(request) * w * gain[k]) / step);
  const columns = site.columns();
  let alive = 0;
  let dead = 0;
  site.gradient.forEach((g, p) => {
    if (g === 0) return;
    alive++;
    const read = [...columns.keys()].filter((k) => columns[k][p] !== 0);
    const size = read.reduce((sum, k) => sum + Math.abs(columns[k][p] / gain[k]), 0);
    dead += vanishing(
      read.map((k) => ({ weight: columns[k][p] / gain[k] / size, move: moves[k] })),
      0,
    );
  });
  return alive === 0 ? 0 : dead / alive;
}

interface Part {
  readonly weight: number;
  /** In steps. */
  readonly move: number;
}

/** Probability that the weighted sum of the parts as read, on top of `sum`, is 0. */
function vanishing([first, ...others]: readonly Part[], sum: number): number {
  if (first === undefined) return Math.abs(sum) < EQUAL ? 1 : 0;
  const whole = Math.floor(first.move);
  const more = first.move - whole;
  if (others.length >= MOST) return Math.max(0, 1 - Math.abs(first.move)) * vanishing(others, sum);
  return (
    (1 - more) * vanishing(others, sum + first.weight * whole) +
    more * vanishing(others, sum + first.weight * (whole + 1))
  );
}
