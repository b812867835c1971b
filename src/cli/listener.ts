// Entry of the thread that hears Ctrl-C: the first raises the flag; after it Ctrl-C means again what it always means,
// and the second ends the process.
import { runInThisContext } from 'node:vm';
import { workerData } from 'node:worker_threads';

const WAIT = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)';

try {
  // `process.on('SIGINT')` is deaf outside the main thread; a script that Ctrl-C may break is not.
  runInThisContext(WAIT, { breakOnSigint: true });
} catch {
  Atomics.store(workerData as Int32Array, 0, 1);
}
