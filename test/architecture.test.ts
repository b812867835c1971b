// Which room may import which, and what may not be imported at all.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** Room → rooms it may import; files at the root of src may import anything, and `errors.ts` may be imported by all. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  expression: [],
  devices: ['expression'],
  math: [],
  circuit: ['devices', 'expression', 'math'],
  netlist: ['circuit', 'devices', 'expression'],
  dual: ['circuit', 'devices', 'expression'],
  solve: ['math', 'circuit/system', 'devices/device'],
  analysis: ['solve', 'math', 'circuit/system', 'devices/device'],
  learn: ['analysis', 'solve', 'math', 'circuit/system', 'devices/device'],
  output: ['analysis', 'expression', 'devices/device', 'netlist/deck', 'circuit/circuit'],
  study: ['expression', 'devices', 'circuit', 'netlist', 'solve', 'analysis', 'output'],
  lesson: [
    'expression',
    'devices',
    'circuit',
    'netlist',
    'dual',
    'solve',
    'analysis',
    'learn',
    'output',
    'study',
  ],
  cli: [
    'expression',
    'devices',
    'math',
    'circuit',
    'netlist',
    'dual',
    'solve',
    'analysis',
    'learn',
    'output',
    'study',
    'lesson',
  ],
};

const files = (readdirSync(src, { recursive: true, encoding: 'utf8' }) as string[]).filter(
  (f) => /\.(ts|mjs)$/.test(f) && !f.includes(`assembly${sep}`),
);
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(src, file), 'utf8').matchAll(/\bfrom\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g)].map(
    (m) => m[1] ?? m[2],
  );
const local = (file: string, specifier: string): string =>
  normalize(join(dirname(file), specifier))
    .split(sep)
    .join('/')
    .replace(/\.js$/, '');

describe('the tree', () => {
  it.each(Object.keys(allowed))('%s imports only what its row of the table allows', (room) => {
    const offences = files
      .filter((f) => f.startsWith(room + sep))
      .flatMap((f) =>
        importsOf(f)
          .filter((i) => i.startsWith('.'))
          .map((i) => local(f, i))
          .filter((target) => target.startsWith('..') || !mayImport(room, target))
          .map((target) => `${f} imports ${target}`),
      );
    expect(offences).toEqual([]);
  });

  it('has a row in the table for every room', () => {
    const rooms = new Set(files.filter((f) => f.includes(sep)).map((f) => f.split(sep)[0]));
    expect([...rooms].filter((r) => !(r in allowed))).toEqual([]);
  });

  it('needs Node only in the command line', () => {
    const offences = files.filter(
      (f) => !f.startsWith(`cli${sep}`) && importsOf(f).some((i) => i.startsWith('node:')),
    );
    expect(offences).toEqual([]);
  });

  it('keeps each library in one or two files, and mathjs out of the package', () => {
    const users = (library: RegExp): number =>
      files.filter((f) => importsOf(f).some((i) => library.test(i))).length;
    expect(users(/^mathjs/)).toBe(0);
    for (const library of [/^commander/, /^zod/]) expect(users(library)).toBeLessThanOrEqual(2);
  });
});

/** A target is `room/file` or a root file; a row may name a whole room or one file of it. */
function mayImport(room: string, target: string): boolean {
  if (target === 'errors' || target.startsWith(`${room}/`)) return true;
  if (!target.includes('/')) return room === 'cli';
  return allowed[room].some((entry) => target === entry || target.startsWith(`${entry}/`));
}
