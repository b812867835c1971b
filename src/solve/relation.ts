// How one point of a march follows from earlier ones, and which points one accepted step goes through: a linear relation
// among charges q and currents f, α·(q(y) − Σ u_j·q(y_j)) + f(y) + f(y_0) = 0. Step control is in the numbers.

/** `KINDS[k]` is written down as k, its code. */
export const KINDS = ['rest', 'charges', 'step', 'trapezoid', 'slope', 'explicit', 'mix'] as const;

/**
 * `rest`: f(y) = 0 before t = 0, with `.ic` held. `charges`: α·(q(y) − q₀) + f(y) = 0 from the charges of `uic`.
 * `step`: α·(q(y) − Σ u_j·q(y_j)) + f(y) = 0; a jump at a corner is one with α → ∞. `trapezoid`: the same with f(y_0),
 * of the first point that it names, added in rows that hold charges. `slope`: a `step` with the inputs moving at their
 * slopes just after t. `explicit`: q(y) = q(y_0) − Σ_(j>0) u_j·f(y_j), a stage or sum of a Runge–Kutta method, with
 * α = ∞. `mix`: no solution but y = Σ u_j·y_j, where a crossing was found inside a step.
 */
export type RelationKind = (typeof KINDS)[number];

const STEP = KINDS.indexOf('step');

/** Nearly all relations are steps, and need not be looked for. */
export const codeOf = (kind: RelationKind): number => (kind === 'step' ? STEP : KINDS.indexOf(kind));

/** One point and how it follows from `count` earlier ones, which are named by their places on the tape. */
export interface Relation {
  /** The place of the point. */
  place: number;
  kind: RelationKind;
  t: number;
  /** Inputs are read so many seconds before t. */
  left: number;
  /** 1/s. */
  alpha: number;
  count: number;
  from: Int32Array;
  /** u_j. */
  share: Float64Array;
  modes: Float64Array;
  /** Pieces that stood when the inputs were read. */
  pieces: number;
}

/** One accepted step: its polynomial goes through the first `count` points of `through`, newest first. */
export interface Piece {
  from: number;
  to: number;
  /** The entry of `through` at which the step begins. */
  mesh: number;
  count: number;
  through: Int32Array;
  /** When the points stand, s. */
  times: Float64Array;
}

/** Points that a relation or piece names at most, unless there is one that names more. */
const WIDTH = 8;

export const blankRelation = (): Relation => ({
  place: -1,
  kind: 'rest',
  t: 0,
  left: 0,
  alpha: 0,
  count: 0,
  from: new Int32Array(WIDTH),
  share: new Float64Array(WIDTH),
  modes: new Float64Array(0),
  pieces: 0,
});

/** The relation can name `count` points. What it named is forgotten when it could not. */
export function makeRoom(relation: Relation, count: number): void {
  if (count <= relation.from.length) return;
  relation.from = new Int32Array(count);
  relation.share = new Float64Array(count);
}

export const blankPiece = (): Piece => ({
  from: 0,
  to: 0,
  mesh: 0,
  count: 0,
  through: new Int32Array(WIDTH),
  times: new Float64Array(WIDTH),
});
