// Every example runs as it stands and says what is true.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDeck } from '../src/netlist/parse.js';
import { ngspice } from './support/ngspice.js';

const folder = mkdtempSync(join(tmpdir(), 'tellegen-examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(name: string, ...words: string[]): Promise<string> {
  const program = join(folder, name);
  await build({
    entryPoints: [join('examples', name)],
    alias: { tellegen: './src/index.ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'error',
  });
  return execFileSync(process.execPath, [program, ...words], { encoding: 'utf8' });
}

describe('the examples', () => {
  it('are these, each claimed about below', () => {
    expect(readdirSync('examples').sort()).toEqual([
      'chips.mjs',
      'filter.mjs',
      'learn.mjs',
      'pulse-speed.mjs',
      'to-ngspice.mjs',
    ]);
  });

  it('pulse-speed: as on a cable while the coupling is strong, slower then, and at last nothing', async () => {
    const rows = (await run('pulse-speed.mjs')).trim().split('\n').slice(1);
    const scaled = rows.map((row) => Number(row.trim().split(/\s+/)[2]));
    expect(rows.length).toBe(5);
    expect(scaled[1] / scaled[0]).toBeGreaterThan(0.9);
    expect(scaled[2] / scaled[1]).toBeLessThan(0.9);
    expect(rows.slice(3).every((row) => row.endsWith('nothing passes'))).toBe(true);
  });

  it('filter: peak and resonance by the formula, and a picture', async () => {
    const picture = join(folder, 'filter.svg');
    const said = await run('filter.mjs', picture);
    const [peak, exact] = [/peak +([\d.]+)/, /is ([\d.]+)/].map((r) => Number(r.exec(said)?.[1]));
    expect(Math.abs(peak - exact)).toBeLessThan(0.002);
    expect(Number(/f0 +([\d.]+)/.exec(said)?.[1])).toBeCloseTo(10, 3);
    expect(readFileSync(picture, 'utf8')).toMatch(/^<svg/);
  });

  it('to-ngspice: a deck that ngspice runs, and that we read too', async () => {
    const deck = await run('to-ngspice.mjs');
    expect(parseDeck(deck).analyses.length).toBe(1);
    const { columns } = await ngspice(deck);
    const v = columns.get('v(d)')!;
    expect(Math.max(...v)).toBeGreaterThan(0.5);
    expect(v[v.length - 1]).not.toBe(v[0]);
  });

  it('chips: errors within 30 % of those that theory predicts', async () => {
    const rows = (await run('chips.mjs')).trim().split('\n').slice(1);
    expect(rows.length).toBe(6);
    for (const row of rows) {
      const [error, predicted] = row.trim().split(/\s+/).slice(2).map(Number);
      expect(error / predicted).toBeGreaterThan(0.7);
      expect(error / predicted).toBeLessThan(1.3);
    }
  });

  it('learn: the divider gives a third', async () => {
    expect(await run('learn.mjs')).toMatch(/R2\/\(R1 \+ R2\) = 0\.333/);
  });
});
