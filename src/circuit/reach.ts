// Where parameters act, whatever their numbers: in which rows, through which inputs, at rest or only in motion. Of a
// parameter out of reach of a cost the gradient is exactly 0.
import type { Expr } from '../expression/expression.js';
import { mentions } from '../expression/split.js';
import { namedArguments } from './address.js';
import type { Element } from './circuit.js';
import { homes, type Plan } from './concerned.js';
import { floatingSources, sourceNumbers, tiedNodes } from './sources.js';
import type { Structure } from './structure.js';
import type { Reach } from './system.js';
import type { Template } from './template.js';

/** The reach of every parameter of a plan, in its order. */
export function reachOf(structure: Structure, { addresses, concerns }: Plan): readonly Reach[] {
  const { assembly, circuit, species, layout } = structure;
  const sourceOf = sourceNumbers(structure);
  const home = homes(structure);
  const rowsOf = (group: number, position: number): readonly number[] => {
    const { template, index } = assembly.groups[group];
    const width = template.locals.length;
    return [...index.subarray(position * width, (position + 1) * width)].filter((slot) => slot < layout.n);
  };
  const found = addresses.map(({ element, parameter, argument }) => {
    const source = sourceOf[element];
    const drives = argument !== undefined || parameter === 'dc';
    const begins = species[element].template.initial.some((start) => start.parameter === parameter);
    const ofDc = source >= 0 && argument === undefined && parameter === 'dc';
    const displaced = ofDc && circuit.elements[element].waveform !== undefined;
    return {
      element,
      rows: new Set(begins ? rowsOf(home.group[element], home.position[element]) : []),
      inputs: source >= 0 && drives ? setBy(structure, source) : [],
      rest: ofDc || (drives && circuit.elements[element].values.dc === undefined),
      motion: begins || (source >= 0 && drives && !displaced),
      ...(displaced ? { instead: levelsOf(circuit.elements[element]) } : {}),
    };
  });
  for (const { group, loops, rows, seatAt, seatTo } of concerns) {
    const acts = loops.raw.map((name) => actionOf(assembly.groups[group].template, name));
    seatAt.forEach((seat, s) => {
      const of = found[seatTo[s]];
      const { rest, motion } = acts[seat % acts.length];
      for (const row of rowsOf(group, rows[Math.floor(seat / acts.length)])) of.rows.add(row);
      of.rest ||= rest;
      of.motion ||= motion;
    });
  }
  return found.map((of) => ({ ...of, rows: [...of.rows] }));
}

/** The trainable voltages or currents written in an element's waveform, or else whatever is written there. */
function levelsOf(element: Element): readonly string[] {
  const written = namedArguments(element).filter(
    ({ trainable }, k) => trainable && element.waveform?.args[k] !== undefined,
  );
  const levels = written.filter(({ unit }) => unit === 'V' || unit === 'A');
  return (levels.length > 0 ? levels : written).map(({ name }) => name);
}

/** Entries of x that follow from a source: nodes that it ties, those that these tie in turn, its own input. */
function setBy(structure: Structure, source: number): readonly number[] {
  const tied = tiedNodes(structure);
  const follows = new Uint8Array(tied.length);
  tied.forEach((node, k) => {
    if (node.source === source || (node.before >= 0 && follows[node.before] === 1)) follows[k] = 1;
  });
  return [
    ...tied.flatMap(({ slot }, k) => (follows[k] ? [slot] : [])),
    ...floatingSources(structure).flatMap((f) => (f.source === source ? [f.slot] : [])),
  ];
}

/** Whether currents depend on a parameter, or what holds a switch; whether charges do, delays, or how they begin. */
function actionOf(t: Template, raw: string): { readonly rest: boolean; readonly motion: boolean } {
  const depends = mentions((name) => name === `p:${raw}`);
  const derived = new Set([...t.derived.keys()].filter((k) => depends(t.derived[k])));
  const speaks = mentions((name) => name.startsWith('d:') && derived.has(Number(name.slice(2))));
  const linear = (matrix: 'G' | 'C'): boolean =>
    t.linear.some((term) => term.matrix === matrix && derived.has(term.coefficient));
  const some = (terms: readonly { readonly value: Expr }[]): boolean =>
    terms.some(({ value }) => speaks(value));
  const weighs = ({ signal }: Pick<Template['delays'][number], 'signal'>): boolean =>
    signal.some(({ weight }) => derived.has(weight));
  return {
    rest:
      linear('G') ||
      some(t.currents) ||
      t.delays.some(weighs) ||
      t.modes.some((mode) => weighs(mode) || derived.has(mode.on) || derived.has(mode.off)),
    motion:
      linear('C') ||
      some(t.charges) ||
      t.delays.some(
        ({ by, initial }) => derived.has(by) || (initial !== undefined && derived.has(initial)),
      ) ||
      t.initial.some(({ parameter }) => parameter === raw),
  };
}
