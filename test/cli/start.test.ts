import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tellegen } from './tellegen.js';

const { folder, file, run } = tellegen();
const chunks = join(folder, 'dist', 'chunks');
const code = join(chunks, readdirSync(chunks).find((name) => name.endsWith('.cjs.code'))!);
const deck = file('rc.cir', 'an RC\nv1 a 0 pulse(0 1 0 1u)\nr1 a b 1k\nc1 b 0 1n\n.tran 1u 5u\n.end\n');

it('gives the same with the code that V8 made of the bundle, with code that is not its own, cut short, or without', () => {
  const first = run('run', deck);
  expect(first.code).toBe(0);
  expect(first.stdout.length).toBeGreaterThan(100);
  const made = readFileSync(code);
  const ofAnotherV8 = Uint8Array.from(made);
  ofAnotherV8.set([1, 2, 3, 4], 4);
  for (const other of [ofAnotherV8, made.subarray(0, made.length / 2), new Uint8Array(0)]) {
    writeFileSync(code, other);
    expect(run('run', deck).stdout).toBe(first.stdout);
  }
  rmSync(code);
  expect(run('run', deck).stdout).toBe(first.stdout);
});
