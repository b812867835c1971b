// c·v̇ᵢ = vᵢ − vᵢ³/3 − wᵢ + Σ (vⱼ − vᵢ)/r,  tau·ẇᵢ = vᵢ + a − gamma·wᵢ: a chain of cells, kicked at one end.
import { type Circuit, createCircuit } from '../src/index.js';

export interface FhnChain {
  /** How many cells. Default 20. */
  readonly cells?: number;
  /** Resistance between neighbouring membranes in Ω. Default 2. */
  readonly coupling?: number;
  /** Membrane capacitance in F, recovery's capacitance in F, leak in S and bias in A. Defaults 1, 12.5, 0.8, 0.7. */
  readonly c?: number;
  readonly tau?: number;
  readonly gamma?: number;
  readonly a?: number;
  /** Height (V), start (s) and length (s) of the kick, which reaches the first cell through 2 Ω. Defaults 2.5, 10, 5. */
  readonly kick?: number;
  readonly kickAt?: number;
  readonly kickFor?: number;
}

/** The circuit of `netlists/fhn-chain.cir`, for any number of cells: membranes `v1` …, recoveries `w1` …. */
export function fhnChain(options: FhnChain = {}): Circuit {
  const { cells = 20, coupling = 2, kick = 2.5, kickAt = 10, kickFor = 5 } = options;
  const { c = 1, tau = 12.5, gamma = 0.8, a = 0.7 } = options;
  const chain = createCircuit(`Travelling pulse on a chain of ${cells} FitzHugh-Nagumo cells`);
  chain.add('Vkick', 'k 0', { pulse: [0, kick, kickAt, 0.1, 0.1, kickFor, 1e6] });
  chain.add('Rk', 'k v1', 2);
  for (let k = 1; k <= cells; k++) chain.add(`N${k}`, `v${k} w${k}`, { model: 'cell' });
  for (let k = 2; k <= cells; k++) chain.add(`Rc${k}`, `v${k - 1} v${k}`, coupling);
  return chain.model('cell', 'fhn', { c, tau, gamma, a }).build();
}
