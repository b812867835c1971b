import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tellegen } from './tellegen.js';

const { folder, file, run } = tellegen();
const chunks = join(folder, 'dist', 'chunks');
const kept = (ending: string): string =>
  join(chunks, readdirSync(chunks).find((name) => name.endsWith(ending))!);
const deck = file('rc.cir', 'an RC\nv1 a 0 pulse(0 1 0 1u)\nr1 a b 1k\nc1 b 0 1n\n.tran 1u 5u\n.end\n');

describe.each([
  ['the code that V8 made of the bundle', '.cjs.code', 4],
  ['the machine code that V8 made of the kernels, its checksum', '.kernels', 0],
  ['the machine code that V8 made of the kernels, where it says whose it is', '.kernels', 8],
  ['the machine code that V8 made of the kernels, an instruction', '.kernels', 50_000],
])('%s', (_, ending, at) => {
  it('gives the same as code that is not its own, cut short, empty, or not there', () => {
    const code = kept(ending);
    const made = readFileSync(code);
    const first = run('run', deck, '-q');
    expect(first.code).toBe(0);
    expect(first.stdout.length).toBeGreaterThan(100);
    const another = Uint8Array.from(made);
    for (let k = 0; k < 4; k++) another[at + k] ^= 0xff;
    try {
      for (const other of [another, made.subarray(0, made.length / 2), new Uint8Array(0)]) {
        writeFileSync(code, other);
        expect(run('run', deck, '-q')).toEqual(first);
      }
      rmSync(code);
      expect(run('run', deck, '-q')).toEqual(first);
    } finally {
      writeFileSync(code, made);
    }
  });
});
