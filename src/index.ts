// The library: parse or build a circuit, compile it, run an analysis, read columns of numbers.
export type { AnalysisKind, Column, Dataset } from './analysis/dataset.js';
export {
  type CircuitBuilder,
  type CircuitOptions,
  createCircuit,
  type Setting,
  type Settings,
} from './circuit/builder.js';
export type { Circuit, Element, Model, Value, Waveform } from './circuit/circuit.js';
export { type Binding, type Compiled, type CompileOptions, compile } from './circuit/compile.js';
export type { Point, Probe, System } from './circuit/system.js';
export type { DeviceKind, ParameterDoc } from './devices/device.js';
export { deviceKinds, kindByName, kindsByLetter } from './devices/registry.js';
export {
  type Diagnostic,
  type FailureReport,
  formatDiagnostic,
  InputError,
  SimulationError,
  type Span,
} from './errors.js';
export { type WriteOptions, writeDeck } from './netlist/write.js';
