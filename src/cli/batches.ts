// Many tasks on many threads: they travel in batches that take about as long as it is worth, and come back in order.
import { Tinypool } from 'tinypool';

/** Batches given out beyond the one whose answers are waited for, per thread. */
const AHEAD = 3;
/** A batch takes about so long, for handing one over and back takes a millisecond or two; and it holds at most so many. */
const BATCH_MS = 40;
const LARGEST_BATCH = 64;

/** What a batch of tasks sends back: how long it took, and how many tasks it was. */
export interface Batch {
  readonly milliseconds: number;
  readonly answers: readonly unknown[];
}

/**
 * Gives `tasks` to threads and their answers, in order, to `take`, until all are done or `take` wants no more.
 * @param filename entry of the threads, whose default export answers a batch of tasks
 */
export async function runBatches<T, B extends Batch>(
  filename: string,
  threads: number,
  workerData: unknown,
  tasks: readonly T[],
  take: (batch: B) => boolean,
): Promise<void> {
  const pool = new Tinypool({
    filename,
    minThreads: threads,
    maxThreads: threads,
    workerData,
    trackUnmanagedFds: false,
  });
  const underway: Promise<B>[] = [];
  let given = 0;
  let size = 1;
  let done = 0;
  let milliseconds = 0;
  try {
    while (underway.length > 0 || given < tasks.length) {
      for (; given < tasks.length && underway.length < AHEAD * threads; given += size) {
        const batch: Promise<B> = pool.run(tasks.slice(given, given + size));
        batch.catch(() => {});
        underway.push(batch);
      }
      const batch = await underway.shift()!;
      if (!take(batch)) return;
      done += batch.answers.length;
      milliseconds += batch.milliseconds;
      size = Math.max(1, Math.min(LARGEST_BATCH, Math.floor((BATCH_MS * done) / milliseconds)));
    }
  } finally {
    await pool.destroy();
  }
}
