// Standard output and standard error, written synchronously: a thread that simulates does not return to the event loop.
import { writeSync } from 'node:fs';

export const STDOUT = 1;
const STDERR = 2;
const encoder = new TextEncoder();
const nap = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of it; waits for a reader that is slow. */
export function writeAll(descriptor: number, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? encoder.encode(data) : data;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(nap, 0, 0, 5);
    }
  }
}

export const out = (data: string | Uint8Array): void => writeAll(STDOUT, data);
export const err = (line: string): void => writeAll(STDERR, `${line}\n`);
export const errRaw = (text: string): void => writeAll(STDERR, text);
/** Whether someone is looking at it; what knows that is slow to load, and few runs ask. */
export const isTerminal = (descriptor: number): boolean =>
  process.getBuiltinModule('node:tty').isatty(descriptor);
