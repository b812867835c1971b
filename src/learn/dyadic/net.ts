// A feed-forward net a_ℓ = σ(W_ℓ a_(ℓ−1) + b_ℓ) in double or single precision, and the few operations of which
// backpropagation and its relaxations are made, so that their results agree to the last bit.

/** Of one precision throughout a net. */
export type Vector = Float64Array | Float32Array;

/** σ and, from z and σ(z), its slope. */
export interface Activation {
  /** σ(z). */
  value(z: number): number;
  /** σ′(z), given z and σ(z). */
  slope(z: number, value: number): number;
}

/** σ(z) = tanh z. */
export const TANH: Activation = { value: Math.tanh, slope: (_, value) => 1 - value * value };
/** σ(z) = max(0, z), with slope 0 at 0. */
export const RELU: Activation = { value: (z) => Math.max(0, z), slope: (z) => (z > 0 ? 1 : 0) };

/** L layers; every vector of one net has one precision, and so has all its arithmetic. */
export interface LayeredNet {
  /** weights[ℓ]: widths[ℓ+1] × widths[ℓ], row-major; widths[0] is the input's. */
  readonly widths: readonly number[];
  readonly weights: readonly Vector[];
  /** biases[ℓ]: widths[ℓ+1]. */
  readonly biases: readonly Vector[];
  readonly activation: Activation;
}

/** What a net is shown, and ∂c/∂(output) at an output, written into `out`. */
export interface Example {
  readonly input: Vector;
  /** out := ∂c/∂(output), both as long as the last layer. */
  slope(output: Vector, out: Vector): void;
}

/** One vector per layer, the first layer's first. */
export type Layers = readonly Vector[];

/** δ_ℓ a_(ℓ−1)ᵀ, row-major like the weights, and δ_ℓ. */
export interface LayeredGradient {
  readonly weights: Layers;
  readonly biases: Layers;
}

/** Zeros in the shape and the precision of the net's layers. */
export const blank = ({ biases }: LayeredNet): Vector[] => biases.map((b) => b.slice().fill(0));

/** The gradient by backpropagation: forward layer by layer, then back, by the very operations of the relaxations. */
export function backpropagation(net: LayeredNet, example: Example): LayeredGradient {
  const state = blank(net);
  const slopes = blank(net);
  const stress = blank(net);
  const round = rounding(net);
  for (let l = 0; l < state.length; l++)
    activate(net, round, l, below(example, state, l), state[l], slopes[l]);
  for (let l = state.length - 1; l >= 0; l--) drive(net, round, example, l, slopes, stress, state, stress[l]);
  return gradientOf(net, example, state, slopes, stress);
}

/** To the precision of the net. */
export type Round = (value: number) => number;

export const rounding = ({ biases }: LayeredNet): Round =>
  biases[0] instanceof Float32Array ? Math.fround : (value) => value;

const below = ({ input }: Example, layers: Layers, l: number): Vector => (l === 0 ? input : layers[l - 1]);

/** At m: image := σ(Wm + b), slopes := σ′(Wm + b), push := Wᵀ(σ′∘s) + ∇c. */
export function look(
  net: LayeredNet,
  round: Round,
  example: Example,
  m: Layers,
  s: Layers,
  image: Vector[],
  slopes: Vector[],
  push: Vector[],
): void {
  for (let l = 0; l < m.length; l++) activate(net, round, l, below(example, m, l), image[l], slopes[l]);
  for (let l = 0; l < m.length; l++) drive(net, round, example, l, slopes, s, m, push[l]);
}

function activate(
  { widths, weights, biases, activation }: LayeredNet,
  round: Round,
  l: number,
  from: Vector,
  value: Vector,
  slope: Vector,
): void {
  const w = weights[l];
  for (let i = 0; i < value.length; i++) {
    let sum = 0;
    for (let j = 0, k = i * widths[l]; j < from.length; j++, k++) sum = round(sum + round(w[k] * from[j]));
    const z = round(sum + biases[l][i]);
    value[i] = activation.value(z);
    slope[i] = activation.slope(z, value[i]);
  }
}

/** What pushes the stress of layer ℓ: W_(ℓ+1)ᵀδ_(ℓ+1), and at the output ∇c. */
function drive(
  { widths, weights }: LayeredNet,
  round: Round,
  example: Example,
  l: number,
  slopes: Layers,
  s: Layers,
  state: Layers,
  out: Vector,
): void {
  if (l === s.length - 1) {
    example.slope(state[l], out);
    return;
  }
  const [w, above] = [weights[l + 1], s[l + 1]];
  out.fill(0);
  for (let i = 0; i < above.length; i++) {
    const delta = round(slopes[l + 1][i] * above[i]);
    for (let j = 0, k = i * widths[l + 1]; j < out.length; j++, k++)
      out[j] = round(out[j] + round(w[k] * delta));
  }
}

export function gradientOf(
  { widths, weights }: LayeredNet,
  example: Example,
  state: Layers,
  slopes: Layers,
  stress: Layers,
): LayeredGradient {
  const biases = stress.map((s, l) => s.map((v, i) => slopes[l][i] * v));
  return {
    biases,
    weights: weights.map((w, l) =>
      w.map((_, k) => biases[l][Math.floor(k / widths[l])] * below(example, state, l)[k % widths[l]]),
    ),
  };
}
