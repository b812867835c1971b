// Dyadic backpropagation in a feed-forward net: the mean relaxes by ṁ = σ(Wm + b) − m, the stress by
// ṡ = WᵀD(m)s − s + ∇c; at rest m_ℓ = a_ℓ and s_ℓ = dc/da_ℓ.
import {
  blank,
  type Example,
  gradientOf,
  type LayeredGradient,
  type LayeredNet,
  type Layers,
  look,
  type Round,
  rounding,
  type Vector,
} from './net.js';

/** States that step forward in time until mean and stress are at rest. */
export interface Relaxation {
  /** One step η of all layers at once. */
  step(): void;
  /** m_ℓ, which comes to rest at a_ℓ. */
  mean(): Layers;
  /** s_ℓ, which comes to rest at dc/da_ℓ. */
  stress(): Layers;
  /** What is read of the state as it is: exact at rest. */
  gradient(): LayeredGradient;
}

/**
 * Algorithm 2, mean and stress: at η = 1 from any start equal to `backpropagation` to the last bit after 2L steps and,
 * in general, not before: the mean settles upwards in L steps, the stress downwards in L more.
 *
 * Source: Scurria, Dyadic backpropagation (arXiv 2602.02281), eqs. 23–26, algorithm 2.
 */
export function meanStress(
  net: LayeredNet,
  example: Example,
  start: { readonly mean: Layers; readonly stress: Layers },
  eta = 1,
): Relaxation {
  const round = rounding(net);
  const m = start.mean.map((v) => v.slice());
  const s = start.stress.map((v) => v.slice());
  const [image, slopes, push] = [blank(net), blank(net), blank(net)];
  return {
    step() {
      look(net, round, example, m, s, image, slopes, push);
      each(m, (l, i) => {
        m[l][i] = towards(m[l][i], image[l][i], eta, round);
        s[l][i] = towards(s[l][i], push[l][i], eta, round);
      });
    },
    mean: () => m,
    stress: () => s,
    gradient() {
      look(net, round, example, m, s, image, slopes, push);
      return gradientOf(net, example, m, slopes, s);
    },
  };
}

/**
 * Algorithm 1, two copies x = m + s/2, z = m − s/2 coupled through their mean: the same relaxation, but for the rounding
 * of s as a difference, about ε‖m‖/‖s‖.
 */
export function coupledCopies(
  net: LayeredNet,
  example: Example,
  start: { readonly x: Layers; readonly z: Layers },
  eta = 1,
): Relaxation {
  const round = rounding(net);
  const x = start.x.map((v) => v.slice());
  const z = start.z.map((v) => v.slice());
  const [m, s, image, slopes, push] = [blank(net), blank(net), blank(net), blank(net), blank(net)];
  const together = () => halves(x, z, m, s, round);
  const take = () => {
    together();
    look(net, round, example, m, s, image, slopes, push);
  };
  return {
    step() {
      take();
      each(x, (l, i) => {
        const half = push[l][i] / 2;
        x[l][i] = towards(x[l][i], round(image[l][i] + half), eta, round);
        z[l][i] = towards(z[l][i], round(image[l][i] - half), eta, round);
      });
    },
    mean: () => together().m,
    stress: () => together().s,
    gradient() {
      take();
      return gradientOf(net, example, m, slopes, s);
    },
  };
}

/**
 * Algorithm 3, split copies: each takes σ, its slope and ∇c at its own state, driven by β∇c; stress and gradient come
 * back divided by β, with a bias of O(β²).
 */
export function splitCopies(
  net: LayeredNet,
  example: Example,
  start: { readonly x: Layers; readonly z: Layers },
  eta = 1,
  beta = 1e-2,
): Relaxation {
  const round = rounding(net);
  const weak: Example = {
    input: example.input,
    slope(output, out) {
      example.slope(output, out);
      for (let i = 0; i < out.length; i++) out[i] *= beta;
    },
  };
  const x = start.x.map((v) => v.slice());
  const z = start.z.map((v) => v.slice());
  const [m, s] = [blank(net), blank(net)];
  const [ofX, slopesX, pushX] = [blank(net), blank(net), blank(net)];
  const [ofZ, slopesZ, pushZ] = [blank(net), blank(net), blank(net)];
  const scaled = () => {
    halves(x, z, m, s, round);
    each(s, (l, i) => {
      s[l][i] /= beta;
    });
    return { m, s };
  };
  return {
    step() {
      halves(x, z, m, s, round);
      look(net, round, weak, x, s, ofX, slopesX, pushX);
      look(net, round, weak, z, s, ofZ, slopesZ, pushZ);
      each(x, (l, i) => {
        const both = round((ofX[l][i] + ofZ[l][i]) / 2);
        x[l][i] = towards(x[l][i], round(both + pushX[l][i] / 2), eta, round);
        z[l][i] = towards(z[l][i], round(both - pushZ[l][i] / 2), eta, round);
      });
    },
    mean: () => scaled().m,
    stress: () => scaled().s,
    gradient() {
      scaled();
      look(net, round, example, m, s, ofX, slopesX, pushX);
      return gradientOf(net, example, m, slopesX, s);
    },
  };
}

function each(layers: Layers, visit: (l: number, i: number) => void): void {
  for (let l = 0; l < layers.length; l++) for (let i = 0; i < layers[l].length; i++) visit(l, i);
}

/** v + η(goal − v); η = 1 goes there, to the last bit. */
const towards = (v: number, goal: number, eta: number, round: Round): number =>
  eta === 1 ? goal : round(v + round(eta * round(goal - v)));

/** m := (x + z)/2, s := x − z. */
function halves(x: Layers, z: Layers, m: Vector[], s: Vector[], round: Round): { m: Layers; s: Layers } {
  each(x, (l, i) => {
    m[l][i] = round(x[l][i] + z[l][i]) / 2;
    s[l][i] = x[l][i] - z[l][i];
  });
  return { m, s };
}
