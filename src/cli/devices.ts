// tellegen devices [NAME]: the documentation of the registry, printed from the devices' own data.
import { describe, summaries } from '../devices/describe.js';
import { deviceKinds } from '../devices/registry.js';
import { nearest } from '../expression/suggest.js';
import { DONE, guarded, inputError } from './errors.js';
import { out } from './terminal.js';

/** All kinds in one line each; or those of that name, card letter or `.model` type, in full. */
export function devices(name?: string): Promise<number> {
  return guarded(() => {
    out(name === undefined ? summaries() : found(name.toLowerCase()).map(describe).join('\n'));
    return DONE;
  });
}

function found(name: string): typeof deviceKinds {
  const kinds = deviceKinds.filter(
    (k) => k.name === name || k.letter === name || k.modelTypes?.includes(name),
  );
  if (kinds.length > 0) return kinds;
  const like = nearest(
    name,
    deviceKinds.flatMap((k) => [k.name, ...(k.modelTypes ?? [])]),
  );
  throw inputError(
    'unknown-device',
    `no device is called "${name}"`,
    like ? `did you mean "${like}"?` : 'tellegen devices lists them all',
  );
}
