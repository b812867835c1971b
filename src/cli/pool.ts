// Many runs on many threads: every thread compiles the deck once; outcomes are taken in the order of the tasks, and no
// more are under way than keep the threads busy.
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { InputError, SimulationError } from '../errors.js';
import type { Profile, Spent } from '../profile.js';
import type { Outcome, Task } from '../study.js';
import type { Answer, PoolData } from './task.js';

/** Tasks given out beyond the one whose outcome is waited for, per thread. */
const AHEAD = 3;

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
  const underway: Promise<Answer>[] = [];
  let given = 0;
  try {
    for (let taken = 0; taken < tasks.length; taken++) {
      for (; given < tasks.length && given < taken + AHEAD * threads; given++) {
        const answer: Promise<Answer> = pool.run(tasks[given]);
        answer.catch(() => {});
        underway.push(answer);
      }
      const { outcome, failure, problems, thread } = await underway.shift()!;
      if (thread) spent.set(thread.id, thread.spent);
      if (problems) throw new InputError(problems);
      if (!outcome) return;
      const failed = failure ? { failure: new SimulationError(failure.message, failure.report) } : {};
      if (!take({ ...outcome, ...failed })) return;
    }
  } finally {
    await pool.destroy();
    for (const one of spent.values()) profile?.add(one);
  }
}
