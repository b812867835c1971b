// The part of npm's odex 2 that is used here; the package ships sources but no declarations.
export class Solver {
  constructor(n: number);
  relativeTolerance: number | number[];
  absoluteTolerance: number | number[];
  maxStepSize: number;
  initialStepSize: number;
  maxSteps: number;
  denseOutput: boolean;
  solve(
    rhs: (t: number, y: number[]) => number[],
    t0: number,
    y0: number[],
    t1: number,
    output?: (
      nr: number,
      told: number,
      t: number,
      y: number[],
      dense?: (component: number, t: number) => number,
    ) => boolean | undefined,
  ): { outcome: number; y: number[]; nStep: number; nAccept: number; nReject: number; nEval: number };
}
