// Ctrl-C while this thread computes and never returns to its event loop: another thread hears it and raises a
// flag that the run looks at between two points. That thread is started only when a run takes longer than a moment;
// until then a signal ends the process at once.
import { clock } from './clock.js';

/** That thread costs 40 ms: a run shorter than this is spared them, and little is lost when it just ends. */
const MOMENT_MS = 1000;
const LOOK_MS = 50;
const LARGEST_STRIDE = 64;
/**
 * What the other thread does: it waits, and Ctrl-C breaks the script that waits. (`process.on('SIGINT')` is deaf outside
 * the main thread.) The first raises the flag; after it Ctrl-C means again what it always means.
 */
const LISTENER = `
const { runInThisContext } = require('node:vm');
const { workerData } = require('node:worker_threads');
try {
  runInThisContext('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', { breakOnSigint: true });
} catch {
  Atomics.store(workerData, 0, 1);
}`;

export interface Interrupt {
  /** `[0]` becomes 1 when the user wants the run to stop; other threads may look at it too. */
  readonly flag: Int32Array;
  /** Whether the user wants it to stop. Cheap: to be asked at every point. */
  asked(): boolean;
  /** Listens from now on, whatever the time. */
  listen(): void;
}

/** @param tick called about every 50 ms, as long as `asked` is being asked */
export function createInterrupt(tick: () => void = () => {}): Interrupt {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const begun = clock();
  let listening = false;
  let looked = begun;
  let stride = 1;
  let left = 1;
  const listen = (): void => {
    if (listening) return;
    listening = true;
    const threads = process.getBuiltinModule('node:worker_threads');
    new threads.Worker(LISTENER, { eval: true, workerData: flag, env: threads.SHARE_ENV }).unref();
  };
  const look = (): void => {
    const now = clock();
    stride = now - looked < LOOK_MS ? Math.min(2 * stride, LARGEST_STRIDE) : Math.max(1, stride >> 2);
    left = stride;
    if (now - looked < LOOK_MS) return;
    looked = now;
    if (now - begun > MOMENT_MS) listen();
    tick();
  };
  return {
    flag,
    asked() {
      if (--left <= 0) look();
      return Atomics.load(flag, 0) === 1;
    },
    listen,
  };
}
