// What the README shows is what happens.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'tellegen-readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readme = readFileSync('README.md', 'utf8');
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((m) => m[1]);

describe('the README', () => {
  it.each(blocks('ts').map((code, k) => [k + 1, code] as const))(
    'runs its code block %i',
    async (k, code) => {
      const program = join(folder, `block-${k}.mjs`);
      await build({
        stdin: { contents: code, resolveDir: process.cwd(), loader: 'ts' },
        alias: { tellegen: './src/index.ts' },
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile: program,
        logLevel: 'error',
      });
      const said = execFileSync(process.execPath, [program], { encoding: 'utf8' });
      if (code.includes('estimate(')) {
        // ½(½ − 0.3)², by R1: 0.2·(−R2/(R1 + R2)²).
        expect(said).toContain('dc/d(r1.r) = -5.0000e-5');
        expect(said).toContain('dc/d(r2.r) = 5.0000e-5');
        return;
      }
      const after = Number(/half of it after ([\d.]+) ms/.exec(said)?.[1]);
      expect(after).toBeCloseTo(Math.LN2, 2);
    },
  );

  it('runs every command it shows', () => {
    execFileSync(process.execPath, ['src/cli/build.mjs', join(folder, 'dist')]);
    const commands = blocks('sh').flatMap((b) => b.trim().split('\n'));
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) {
      const [, ...words] = command.replaceAll(' out/', ` ${folder}/`).split(' ');
      expect(words[0]).toBe('tellegen');
      execFileSync(process.execPath, [join(folder, 'dist', 'cli.js'), ...words.slice(1)], { stdio: 'pipe' });
    }
  });

  it('prints the gradient that it shows for its deck', () => {
    const [deck] = blocks('cir');
    const [table] = blocks('text');
    execFileSync(process.execPath, ['src/cli/build.mjs', join(folder, 'dist')]);
    writeFileSync(join(folder, 'divider.cir'), deck);
    const said = execFileSync(
      process.execPath,
      [join(folder, 'dist', 'cli.js'), 'grad', join(folder, 'divider.cir'), '--rule', 'adjoint,equilibrium'],
      { encoding: 'utf8' },
    );
    expect(said.startsWith(table)).toBe(true);
  });

  it('opens with two commands that package.json knows, and a picture that is there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const [, script] of readme.matchAll(/npm ci && npm (\w+)/g)) expect(scripts).toHaveProperty(script);
    const [, picture] = /!\[[^\]]*\]\(([^)]+)\)/.exec(readme) ?? [];
    expect(readFileSync(picture, 'utf8')).toMatch(/^<svg/);
  });
});
