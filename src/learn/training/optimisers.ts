// Steepest descent, heavy ball and Adam as data: what each remembers of the past and the step it takes from it.

/** How a gradient becomes a step. */
export interface Optimiser {
  /** What `--optimiser` calls it; one line of what it does. */
  readonly name: string;
  readonly summary: string;
  /** Vectors it remembers, each one number per parameter. */
  readonly memory: number;
  /**
   * step[i] := change of coordinate i. `memory` is updated; `taken` counts the steps from 1.
   */
  step(
    gradient: Float64Array,
    rate: number,
    memory: readonly Float64Array[],
    taken: number,
    step: Float64Array,
  ): void;
}

/** Share of the last step that the heavy ball keeps. */
const MOMENTUM = 0.9;
/** Decay of Adam's means of the gradient and of its square. */
const BETA_1 = 0.9;
const BETA_2 = 0.999;
/** What keeps Adam's quotient finite; relative to nothing, as in the paper. */
const EPSILON = 1e-8;

const descent: Optimiser = {
  name: 'gd',
  summary: 'gradient descent: −rate·g',
  memory: 0,
  step(gradient, rate, _memory, _taken, step) {
    for (let i = 0; i < step.length; i++) step[i] = -rate * gradient[i];
  },
};

/** Polyak, Some methods of speeding up the convergence of iteration methods (1964). */
const momentum: Optimiser = {
  name: 'momentum',
  summary: `heavy ball: ${MOMENTUM}·(last step) − rate·g`,
  memory: 1,
  step(gradient, rate, [velocity], _taken, step) {
    for (let i = 0; i < step.length; i++) {
      velocity[i] = MOMENTUM * velocity[i] - rate * gradient[i];
      step[i] = velocity[i];
    }
  },
};

/** Kingma & Ba, Adam: a method for stochastic optimization (2015), Algorithm 1. */
const adam: Optimiser = {
  name: 'adam',
  summary: 'Adam: −rate·mean(g)/√mean(g²), both corrected for their start',
  memory: 2,
  step(gradient, rate, [mean, square], taken, step) {
    const first = 1 - BETA_1 ** taken;
    const second = 1 - BETA_2 ** taken;
    for (let i = 0; i < step.length; i++) {
      const g = gradient[i];
      mean[i] = BETA_1 * mean[i] + (1 - BETA_1) * g;
      square[i] = BETA_2 * square[i] + (1 - BETA_2) * g * g;
      step[i] = (-rate * (mean[i] / first)) / (Math.sqrt(square[i] / second) + EPSILON);
    }
  },
};

/** By name. */
export const optimisers: ReadonlyMap<string, Optimiser> = new Map(
  [descent, momentum, adam].map((optimiser) => [optimiser.name, optimiser]),
);
