// The simulation runs in a thread of its own, so that this one can hear Ctrl-C and tell it to stop.
import { Worker } from 'node:worker_threads';

/** What `tellegen run` was asked, as text; the worker reads the numbers. */
export interface RunRequest {
  readonly deck: string;
  readonly output?: string;
  readonly format?: 'csv' | 'raw' | 'json';
  readonly plot?: string;
  readonly at?: string;
  readonly param?: readonly string[];
  readonly option?: readonly string[];
  readonly quiet?: boolean;
}

/** What the worker receives: `flag[0]` becomes 1 when the user wants it to stop. */
export interface WorkerData {
  readonly request: RunRequest;
  readonly flag: Int32Array;
}

/** Runs the request in a worker and returns its exit code. The first Ctrl-C stops the run in order, the second at once. */
export function runInWorker(request: RunRequest, url: URL): Promise<number> {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(url, { workerData: { request, flag } satisfies WorkerData });
  const stop = (): void => {
    if (Atomics.exchange(flag, 0, 1) === 1) process.exit(130);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', (code) => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve(code);
    });
  });
}
