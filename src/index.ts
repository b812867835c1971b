// The library: parse or build a circuit, compile it, run an analysis, read columns of numbers; pose a problem of
// learning and read its gradient by every rule.
export { type AcRequest, ac } from './analysis/ac.js';
export type { AnalysisKind, Column, Dataset } from './analysis/dataset.js';
export { type Bound, dc, type Sweep } from './analysis/dc.js';
export { op } from './analysis/op.js';
export { type AnalysisOptions, DEFAULT_OPTIONS } from './analysis/options.js';
export type { Hooks } from './analysis/run.js';
export { type TransientRequest, transient } from './analysis/transient.js';
export {
  type CircuitBuilder,
  type CircuitOptions,
  createCircuit,
  type Setting,
  type Settings,
} from './circuit/builder.js';
export type { Circuit, Element, Model, Value, Waveform } from './circuit/circuit.js';
export { type Binding, type Compiled, type CompileOptions, compile } from './circuit/compile.js';
export type { CircuitParameter } from './circuit/parameters.js';
export type {
  Complex,
  Delay,
  Functional,
  Junctions,
  Mode,
  Moving,
  Nonlinear,
  Partials,
  Point,
  Probe,
  Reach,
  Sensitivity,
  Signal,
  Source,
  System,
  UndefinedLaw,
  Variable,
} from './circuit/system.js';
export type { Trainable } from './circuit/trainable.js';
export type { CardSyntax, DeviceKind, ParameterDoc, Quantity } from './devices/device.js';
export { deviceKinds, kindByName, kindsByLetter } from './devices/registry.js';
export { type Dual, type DualForm, type DualOptions, dualOf, transpose } from './dual/dual.js';
export {
  type Diagnostic,
  type FailureReport,
  formatDiagnostic,
  InputError,
  LearningError,
  type Obstacle,
  SimulationError,
  type Span,
} from './errors.js';
export type { Call, Const, Expr, Operator, Sym } from './expression/expression.js';
export { type Comparison, compare, estimate } from './learn/compare.js';
export type { DyadicForm } from './learn/compose/scheme.js';
export {
  coupledCopies,
  meanStress,
  type Relaxation as LayeredRelaxation,
  splitCopies,
} from './learn/dyadic/layered.js';
export {
  type Activation,
  backpropagation,
  type Example,
  type LayeredGradient,
  type LayeredNet,
  type Layers,
  RELU,
  TANH,
  type Vector,
} from './learn/dyadic/net.js';
export type { GradientEstimate, Rule, RuleOptions, Validity, Variant, Weights } from './learn/estimate.js';
export { type Fidelity, fidelity } from './learn/fidelity.js';
export { type Bench, createBench, type Failure, type Trial } from './learn/hardware/bench.js';
export type { CostKind } from './learn/hardware/kinds.js';
export type { Knob } from './learn/hardware/knob.js';
export type { Optimum, Predictor } from './learn/hardware/laws/predict.js';
export { type Method, methodNamed } from './learn/hardware/methods.js';
export { type Hardware, IDEAL, KNOBS, type KnobName } from './learn/hardware/registry.js';
export { type Distance, type Row, rowOf } from './learn/hardware/rows.js';
export type { CostTerm, Parameter, Problem, Sample } from './learn/problem.js';
export { type Relaxation, type RelaxOptions, relax, settleByRelaxing } from './learn/relax.js';
export { RULES, ruleByName } from './learn/rules/registry.js';
export type { Settle, Settled, Start } from './learn/settle.js';
export { type Optimiser, optimisers } from './learn/training/optimisers.js';
export { makeReader } from './learn/training/reader.js';
export {
  beginTraining,
  type EpochReport,
  type Reader,
  type Reading,
  type TrainingOptions,
  type TrainingState,
  trainEpoch,
} from './learn/training/training.js';
export { sensitivityWaves, type Wave, type Waves } from './learn/transient/waves.js';
export { type Breaking, describeVerdict, type Symmetry, type Verdict, verdict } from './learn/verdict.js';
export { type ProblemOptions, problemOf } from './lesson/deck.js';
export { type DualDeckOptions, dualDeck } from './lesson/dual-deck.js';
export { type Lesson, type LessonCost, problemFor, type Training } from './lesson/lesson.js';
export { type ResponseAnswer, type ResponseRequest, responseOf } from './lesson/response.js';
export { type Survey, surveyOf, verdictOn } from './lesson/survey.js';
export type { Pattern as SparsePattern } from './math/pattern.js';
export type { Rows as SparseRows } from './math/rows.js';
export type {
  AnalysisCard,
  DataStepCard,
  DataTable,
  Deck,
  Grid,
  MeasureCard,
  OptionSetting,
  SavedSignal,
  StepCard,
  SweepVariable,
} from './netlist/deck.js';
export type { CostCard, TrainCard } from './netlist/learning.js';
export { type ParseOptions, parseDeck } from './netlist/parse.js';
export { type WriteOptions, writeDeck } from './netlist/write.js';
export { toCsv } from './output/csv.js';
export { type Result, readJson, toJson } from './output/json.js';
export type { MeasureResult } from './output/measure.js';
export { type RawPlot, readRaw, writeRaw } from './output/raw.js';
export { type PlotOptions, plotSvg } from './output/svg.js';
export type { State } from './solve/history.js';
export type { Interruption, Method as IntegrationMethod, SolveOptions } from './solve/options.js';
export type { Segment, Sink } from './solve/segment.js';
export { createWorkspace, type Workspace } from './solve/workspace.js';
export {
  type AnalysisRuns,
  type Progress,
  type SimulateOptions,
  type Simulation,
  simulate,
} from './study/simulate.js';
