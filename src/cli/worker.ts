// Entry of the simulating thread.
import { workerData } from 'node:worker_threads';
import type { WorkerData } from './interrupt.js';
import { run } from './run.js';

const { request, flag } = workerData as WorkerData;
process.exit(run(request, () => Atomics.load(flag, 0) === 1));
