// The words of a card in code: which kind of device it means, and which parameter a spelling stands for.
import type { DeviceKind, ParameterDoc } from '../devices/device.js';
import { deviceKinds, kindsByLetter } from '../devices/registry.js';
import { didYouMean } from '../expression/suggest.js';
import type { Model } from './circuit.js';
import type { Complaints } from './formula.js';

/** The kind that a card with this letter, model and these parameters is of. */
export function chooseKind(
  name: string,
  written: readonly string[],
  modelName: string | undefined,
  models: ReadonlyMap<string, Model>,
  complain: Complaints,
): DeviceKind | undefined {
  const kinds = kindsByLetter(name[0] ?? '');
  if (kinds.length === 0) {
    complain(
      'unknown-letter',
      `${name}: no device begins with "${name[0] ?? ''}"`,
      `the letters are ${[...new Set(deviceKinds.map((kind) => kind.letter))].sort().join(' ').toUpperCase()}`,
    );
    return undefined;
  }
  if (modelName !== undefined) {
    const model = models.get(modelName);
    if (model === undefined) {
      complain(
        'unknown-model',
        `${name} names a model that does not exist, ${modelName}`,
        didYouMean(modelName, models.keys()) ?? 'add it with model(…)',
      );
      return undefined;
    }
    const takes = (kind: DeviceKind): boolean => kind.modelTypes?.includes(model.type) ?? false;
    const answering = kinds.find(takes);
    // A type that no kind knows is told of the model.
    if (answering === undefined && deviceKinds.some(takes)) {
      const types = kinds.flatMap((kind) => kind.modelTypes ?? []);
      complain(
        'wrong-model-type',
        `${name}: model ${model.name} is of type ${model.type}`,
        types.length > 0
          ? `elements that begin with ${name[0]} take models of type ${types.join(', ')}`
          : 'such elements take no model',
      );
    }
    return answering;
  }
  const byExpression = kinds.find(
    (kind) =>
      kind.card.whenExpression &&
      written.some((w) => kind.card.expressions?.includes(parameterName(kind, w) ?? '')),
  );
  const kind = byExpression ?? kinds.find((k) => !k.card.whenExpression && k.card.model !== 'required');
  if (kind !== undefined) return kind;
  const models_ = kinds.flatMap((k) => k.modelTypes ?? []);
  const expressions = kinds.flatMap((k) => k.card.expressions ?? []);
  complain(
    'incomplete-element',
    `${name} does not say what it is`,
    models_.length > 0
      ? `name a model of type ${models_.join(', ')}`
      : `write ${expressions.map((e) => `{ ${e}: '…' }`).join(' or ')}`,
  );
  return undefined;
}

/** The parameter's own name for any of its spellings. */
export function parameterName(kind: DeviceKind, written: string): string | undefined {
  const word = written.toLowerCase();
  if (Object.hasOwn(kind.parameters, word)) return word;
  return Object.keys(kind.parameters).find((name) => kind.parameters[name].aliases?.includes(word));
}

function writable(kinds: readonly DeviceKind[], on: 'card' | 'model'): string[] {
  const other: ParameterDoc['on'] = on === 'card' ? 'model' : 'card';
  return kinds.flatMap((kind) =>
    Object.keys(kind.parameters).filter((name) => kind.parameters[name].on !== other),
  );
}

export const parameterList = (kinds: readonly DeviceKind[], on: 'card' | 'model'): string =>
  `its parameters are ${writable(kinds, on).join(', ')}`;

export function unknownParameter(
  owner: string,
  written: string,
  kinds: readonly DeviceKind[],
  on: 'card' | 'model',
  complain: Complaints,
): void {
  const hint = didYouMean(written.toLowerCase(), writable(kinds, on)) ?? parameterList(kinds, on);
  complain('unknown-parameter', `${owner} has no parameter ${written}`, hint);
}
