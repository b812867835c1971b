// The command line as a user has it: bundled afresh into a temporary folder, run in a process of its own.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Tellegen {
  /** A folder for decks and results. */
  readonly folder: string;
  /** Writes a file there and returns its name; commands run in that folder. */
  file(name: string, text: string): string;
  run(...args: string[]): Outcome;
  /** Runs with the text on standard input. */
  pipe(input: string, ...args: string[]): Outcome;
  /** Starts a run, sends SIGINT once it has said what it runs and has had time to listen, and returns how it ended. */
  interrupt(...args: string[]): Promise<Outcome>;
  /** Sends SIGINT while it waits for a deck on standard input that never comes. */
  interruptReading(...args: string[]): Promise<{ code: number | null; signal: string | null }>;
}

/** After a second a run begins to listen; on a busy machine that takes a while. */
const LISTENING_MS = 2500;
/** Time to start and to begin to read. */
const READING_MS = 500;

/** Bundles the command line; the folder goes when the test file is done. */
export function tellegen(): Tellegen {
  const folder = mkdtempSync(join(tmpdir(), 'tellegen-'));
  execFileSync(process.execPath, ['src/cli/build.mjs', join(folder, 'dist')]);
  const cli = join(folder, 'dist', 'cli.js');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const pipe: Tellegen['pipe'] = (input, ...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      cwd: folder,
      encoding: 'utf8',
      input,
      maxBuffer: 1 << 28,
    });
    return { code: status, stdout, stderr };
  };
  return {
    folder,
    file(name, text) {
      writeFileSync(join(folder, name), text);
      return name;
    },
    run: (...args) => pipe('', ...args),
    pipe,
    interruptReading(...args) {
      const child = spawn(process.execPath, [cli, ...args], { cwd: folder });
      setTimeout(() => child.kill('SIGINT'), READING_MS);
      return new Promise((resolve) => {
        child.on('close', (code, signal) => resolve({ code, signal }));
      });
    },
    interrupt(...args) {
      const child = spawn(process.execPath, [cli, ...args], { cwd: folder });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk) => (stdout += chunk));
      child.stderr.once('data', () => setTimeout(() => child.kill('SIGINT'), LISTENING_MS));
      child.stderr.on('data', (chunk) => (stderr += chunk));
      return new Promise((resolve) => {
        child.on('close', (code) => resolve({ code, stdout, stderr }));
      });
    },
  };
}
