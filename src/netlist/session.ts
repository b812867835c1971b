// What is known while a deck is being read.
import type { Element, Model, Value } from '../circuit/circuit.js';
import type { Form, Forms } from '../circuit/shape.js';
import type { Named, Wiring } from '../circuit/wiring.js';
import type { Span } from '../errors.js';
import type { Expr } from '../expression/expression.js';
import type { Complain, ExpressionParser } from '../expression/parse.js';
import type { Command } from './commands/command.js';
import type { Card } from './cursor.js';
import type {
  AnalysisCard,
  DataStepCard,
  DataTable,
  MeasureCard,
  OptionSetting,
  SavedSignal,
  StepCard,
} from './deck.js';
import type { CostCard, TrainCard } from './learning.js';
import type { Report } from './report.js';
import type { Source } from './source.js';
import type { SyntaxTable } from './syntax.js';

/** A `.param` name, or a parameter of a subcircuit. */
export interface ParameterDefinition {
  readonly name: string;
  /** Its symbol in expressions: the name, and for a local one the subcircuit too. */
  readonly symbol: string;
  readonly scope: Scope;
  readonly card: Card;
  /** Where its name stands, and where its value begins. */
  readonly start: number;
  readonly at: number;
  /** May be set where the subcircuit is used. */
  readonly formal: boolean;
  expr?: Expr;
}

/** A `.func`. Its body is read when it is first used. */
export interface FunctionDefinition {
  readonly name: string;
  readonly formals: readonly string[];
  readonly scope: Scope;
  readonly card: Card;
  readonly start: number;
  /** Where its body begins and ends. */
  readonly at: number;
  readonly end: number;
  state: 'unread' | 'reading' | 'read';
  body?: Expr;
  /** Signals (and time) that the body speaks of. */
  references: readonly Reference[];
  usesTime: boolean;
}

export interface ModelDefinition {
  readonly name: string;
  readonly type: string;
  readonly scope: Scope;
  readonly card: Card;
  readonly start: number;
  /** Where its parameters begin. */
  readonly at: number;
  /** Read on first use or at the end. */
  model?: Model;
  used: boolean;
}

export interface Subcircuit {
  readonly name: string;
  readonly scope: Scope;
  readonly ports: ReadonlyMap<string, number>;
  readonly card: Card;
  readonly start: number;
  /** Cards, read on first use. */
  items?: readonly Item[];
  /** Local parameters in the order in which each uses only earlier ones. */
  order?: readonly ParameterDefinition[];
  /** Elements in one expansion. */
  count?: number;
}

/** Where names are looked up: the deck, or one subcircuit inside it. */
export interface Scope {
  readonly name: string;
  readonly parent?: Scope;
  readonly subcircuit?: Subcircuit;
  readonly parameters: Map<string, ParameterDefinition>;
  readonly functions: Map<string, FunctionDefinition>;
  readonly models: Map<string, ModelDefinition>;
  readonly subcircuits: Map<string, Subcircuit>;
  /** Of elements: cards that wait until all names are known, and the elements of plain ones, which need not. */
  readonly cards: (Card | Element)[];
  /** `.ic` and `.nodeset` cards, which a subcircuit may hold too. */
  readonly conditions: { readonly command: Command; readonly card: Card; readonly at: number }[];
}

/** A node or element spoken of in an expression or as a control. */
export interface Reference {
  readonly kind: 'node' | 'element';
  readonly name: string;
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** An element card as written, names still local; a plain card is its element. */
export interface ElementItem {
  readonly element: Element;
  readonly model: ModelDefinition | undefined;
  readonly references: readonly Reference[] | undefined;
  /** When it is known beforehand. */
  readonly form: Form | undefined;
}
/** An X card. */
export interface InstanceItem {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly subcircuit: Subcircuit;
  readonly overrides: ReadonlyMap<string, Value>;
  readonly span: Span;
}
/** `V(n) = value` inside a subcircuit. */
export interface ConditionItem {
  readonly into: Map<string, Value>;
  readonly condition: string;
  readonly value: Value;
  readonly reference: Reference;
}
export type Item = Element | ElementItem | InstanceItem | ConditionItem;

/** Lines up to an end line that are not read as cards of the circuit. */
export interface Block {
  readonly end: string;
  readonly start: Span;
  readonly cards: Card[];
  done(): void;
}

/** The deck as far as it has been read. */
export interface Draft {
  title: string;
  temperature: number;
  nominalTemperature: number;
  readonly elements: Element[];
  readonly models: Map<string, Model>;
  readonly parameters: Map<string, Value>;
  readonly initialConditions: Map<string, Value>;
  readonly nodesets: Map<string, Value>;
  readonly analyses: AnalysisCard[];
  readonly options: Map<string, OptionSetting>;
  readonly saves: SavedSignal[];
  saveAll: boolean;
  readonly measures: MeasureCard[];
  readonly steps: (StepCard | DataStepCard)[];
  readonly data: Map<string, DataTable>;
  readonly trains: TrainCard[];
  readonly costs: CostCard[];
}

export interface Session {
  readonly report: Report;
  readonly syntax: SyntaxTable;
  readonly commands: ReadonlyMap<string, Command>;
  readonly expressions: ExpressionParser;
  readonly global: Scope;
  readonly draft: Draft;
  readonly include: (path: string, from: string) => string | undefined;
  readonly overrides: ReadonlyMap<string, number>;
  /** Complaints about places in a source. */
  complain(source: Source): Complain;
  /** Counts work; a deck whose work explodes is given up. */
  spend(amount: number, span: () => Span | undefined): void;
  /** What is known beforehand of expressions of the draft's elements, by number. */
  readonly forms: Forms;
  /** Scope of the lines being read. */
  scope: Scope;
  block?: Block | undefined;
  ended: boolean;
  /** Subcircuits in which a command stood that cannot stand there. */
  readonly misplaced: Set<Scope>;
  readonly globals: Set<string>;
  /** Sources being included, outermost first. */
  readonly including: Source[];
  /** Characters of all sources read so far, and how many there were. */
  readonly volume: { characters: number; sources: number };
  /** Cards of commands that wait until the circuit is known. */
  readonly later: { readonly command: Command; readonly card: Card; readonly at: number }[];
  /** Signals that the expression being read has spoken of. */
  references: Reference[];
  usesTime: boolean;
  /** What `x` stands for in the expression being read. */
  own?: Expr | undefined;
  /** Functions whose bodies are being read, outermost first. */
  readonly expanding: FunctionDefinition[];
  /** Spans of cards whose names were taken. */
  readonly duplicates: Set<Span>;
  /** By name, once the circuit is flat. */
  readonly elements: Named<Element>;
  /** Nodes and elements of the flat circuit, once it is. */
  wiring(): Wiring;
  /** References of the flat circuit, to be checked when all of it is there. */
  readonly pending: { readonly reference: Reference; readonly name: string }[];
  /** Tables that analyses and steps name, to be found once all are read. */
  readonly dataUses: { readonly name: string; readonly span: Span }[];
  /** `element.parameter` of what is trained, and by which card. */
  readonly trained: Map<string, Span>;
  /** Columns of tables that only a cost can speak of, and where they are named. */
  readonly lessonColumns: Map<string, Span>;
  /** Words of cards that could not be read: what they would have defined is not missed. */
  readonly doubtful: Set<string>;
  /** Values of global parameters. */
  readonly values: Map<string, number>;
}
