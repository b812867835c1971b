// The documentation of a device as plain text, printed from its own data.
import type { DeviceKind, ParameterDoc } from './device.js';
import { deviceKinds } from './registry.js';
import { type WaveformArgument, type WaveformKind, waveforms } from './waveforms.js';

/** How a card of this kind is written: `Dname anode cathode model [area] [on|off] [ic=…]`. */
export function cardSyntax(kind: DeviceKind): string {
  const { card, parameters } = kind;
  const words = [`${kind.letter.toUpperCase()}name`, ...kind.pins];
  const controls = card.controls === 'many' ? 2 : (card.controls ?? 0);
  for (let k = 1; k <= controls; k++) {
    words.push(`${card.controlLetters?.toUpperCase() ?? ''}name${controls > 1 ? k : ''}`);
  }
  if (card.controls === 'many') words.push('…');
  if (card.model === 'required') words.push('model');
  const positional = card.positional ?? [];
  for (const name of positional) words.push(parameters[name].required ? name : `[${name}]`);
  if (card.waveform) words.push('[AC acmag [acphase]]', '[waveform(…)]');
  for (const name of card.expressions ?? []) words.push(`${name}={expression}`);
  if (card.model === 'optional') words.push('[model]');
  const flags = Object.keys(card.flags ?? {});
  if (flags.length > 0) words.push(`[${flags.join('|')}]`);
  const lists = Object.entries(card.lists ?? {});
  for (const [name, of] of lists) words.push(`[${name}=${of.join(',')}]`);
  const written = new Set([...positional, ...(card.expressions ?? []), ...lists.flatMap(([, of]) => of)]);
  const flagged = new Set(Object.values(card.flags ?? {}).flatMap((sets) => Object.keys(sets)));
  for (const [name, doc] of Object.entries(parameters)) {
    if (doc.on === 'model' || written.has(name) || flagged.has(name)) continue;
    if (card.waveform && name.startsWith('ac')) continue;
    words.push(doc.required ? `${name}=…` : `[${name}=…]`);
  }
  return words.join(' ');
}

/** `.model name TYPE(parameter=… …)`, one line per model type; empty when the kind has no model. */
function modelSyntax(kind: DeviceKind): string[] {
  const names = Object.entries(kind.parameters).filter(([, doc]) => doc.on !== 'card');
  const list = names.map(([name]) => `${name}=…`).join(' ');
  return (kind.modelTypes ?? []).map((type) => `.model name ${type.toUpperCase()}(${list})`);
}

function bounds(doc: ParameterDoc): string {
  const parts: string[] = [];
  if (doc.above !== undefined) parts.push(`> ${doc.above}`);
  if (doc.min !== undefined) parts.push(`≥ ${doc.min}`);
  if (doc.max !== undefined) parts.push(`≤ ${doc.max}`);
  if (doc.nonzero) parts.push('≠ 0');
  if (doc.integer) parts.push('whole');
  return parts.join(', ');
}

const fallback = (doc: ParameterDoc): string => (doc.required ? 'required' : `${doc.default ?? 'unset'}`);

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => [...row[column]].length)));
  const pad = (text: string, width: number): string => text + ' '.repeat(width - [...text].length);
  return rows.map((row) =>
    `  ${row.map((text, column) => pad(text, widths[column])).join('  ')}`.replace(/ +$/, ''),
  );
}

function parameterTable(kind: DeviceKind): string[] {
  const rows = Object.entries(kind.parameters).map(([name, doc]) => [
    [name, ...(doc.aliases ?? [])].join(', '),
    fallback(doc),
    doc.unit,
    bounds(doc),
    doc.on === 'both' ? 'card, model' : doc.on,
    doc.doc,
  ]);
  return table([['parameter', 'default', 'unit', 'bounds', 'on', ''], ...rows]);
}

function argumentRow(a: WaveformArgument): string[] {
  const { default: d } = a;
  return [a.name, d === undefined ? 'required' : typeof d === 'number' ? `${d}` : d.text, a.unit, a.doc];
}

/** Documentation of a waveform: syntax, equation, arguments. */
export function describeWaveform(kind: WaveformKind): string {
  const words = kind.positional.map((a) => (a.default === undefined ? a.name : `[${a.name}]`));
  const named = kind.named.map((a) => ` [${a.name}=…]`).join('');
  const more = kind.repeats ? ' …' : '';
  return [
    `${kind.name.toUpperCase()}(${words.join(' ')}${more})${named}`,
    `  ${kind.doc}`,
    ...table([...kind.positional, ...kind.named].map(argumentRow)),
  ].join('\n');
}

/** Documentation of a device: card, model, equations, parameters with default, unit and bounds. */
export function describe(kind: DeviceKind): string {
  const lines = [`${kind.name}: ${kind.summary}`, '', cardSyntax(kind), ...modelSyntax(kind), '', kind.doc];
  if (Object.keys(kind.parameters).length > 0) lines.push('', ...parameterTable(kind));
  const ignored = Object.entries(kind.ignored ?? {}).map(([name, why]) => `${name} (${why})`);
  if (ignored.length > 0) lines.push('', `Read in its .model without effect: ${ignored.join(', ')}.`);
  if (kind.card.waveform) {
    lines.push('', 'Waveforms, with u the unit of the source:', '');
    lines.push([...waveforms.values()].map(describeWaveform).join('\n\n'));
  }
  return `${lines.join('\n')}\n`;
}

/** One line per device: letter, name, what it is. */
export function summaries(): string {
  const rows = deviceKinds.map((kind) => [kind.letter.toUpperCase(), kind.name, kind.summary]);
  return `${table(rows).join('\n')}\n`;
}
