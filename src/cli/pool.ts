// Many runs on many threads: every thread compiles the deck once; outcomes are taken in the order of the tasks, and no
// more are under way than keep the threads busy.
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { InputError, SimulationError } from '../errors.js';
import type { Profile, Spent } from '../profile.js';
import type { Outcome, Task } from '../study.js';
import type { Answers, PoolData } from './task.js';

/** Batches given out beyond the one whose outcomes are waited for, per thread. */
const AHEAD = 3;
/** A batch takes about so long, for handing one over and back takes a millisecond or two; and it holds at most so many. */
const BATCH_MS = 40;
const LARGEST_BATCH = 64;

/**
 * Runs tasks until all are done, `take` says that it wants no more, or a task was stopped before it began.
 * @throws InputError of the first task, in order, whose numbers make no sense.
 */
export async function runInPool(
  tasks: readonly Task[],
  threads: number,
  data: PoolData,
  take: (outcome: Outcome) => boolean,
  profile?: Profile,
): Promise<void> {
  const pool = new Tinypool({
    filename: fileURLToPath(new URL('./task.js', import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
    workerData: data,
    trackUnmanagedFds: false,
  });
  const spent = new Map<number, Spent>();
  const underway: Promise<Answers>[] = [];
  let given = 0;
  let batch = 1;
  let done = 0;
  let milliseconds = 0;
  try {
    while (underway.length > 0 || given < tasks.length) {
      for (; given < tasks.length && underway.length < AHEAD * threads; given += batch) {
        const answers: Promise<Answers> = pool.run(tasks.slice(given, given + batch));
        answers.catch(() => {});
        underway.push(answers);
      }
      const { answers, thread, ...took } = await underway.shift()!;
      if (thread) spent.set(thread.id, thread.spent);
      for (const { outcome, failure, problems } of answers) {
        if (problems) throw new InputError(problems);
        if (!outcome) return;
        const failed = failure ? { failure: new SimulationError(failure.message, failure.report) } : {};
        if (!take({ ...outcome, ...failed })) return;
      }
      done += answers.length;
      milliseconds += took.milliseconds;
      batch = Math.max(1, Math.min(LARGEST_BATCH, Math.floor((BATCH_MS * done) / milliseconds)));
    }
  } finally {
    await pool.destroy();
    for (const one of spent.values()) profile?.add(one);
  }
}
