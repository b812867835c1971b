// The runs of a deck, on this thread or on many: which it is decides how long they take and nothing else.
import type { Deck } from '../netlist/deck.js';
import type { Profile } from '../study/profile.js';
import { type Outcome, type Study, type StudyOptions, study, type Task } from '../study/study.js';
import { clock } from './clock.js';
import { createInterrupt } from './interrupt.js';
import type { PoolData } from './task.js';

/** Other threads are started when the work they take over would last longer than this here. */
const WORTH_MS = 400;
/** How long the first runs are watched before that is judged. */
const TRIAL_MS = 150;

export interface Distribution {
  readonly study: Study;
  /**
   * Runs task after task and hands over their outcomes in order, until all are done, `take` wants no more, or Ctrl-C.
   * Returns whether it was Ctrl-C that ended it.
   */
  run(take: (outcome: Outcome) => boolean): Promise<boolean>;
}

/**
 * @param threads without it: one, and as many as there are cores once that is seen to be worth it
 * @param report which task is under way and its share done; now and then
 * @throws InputError with everything that is wrong with the deck
 */
export function distribute(
  deck: Deck,
  options: PoolData['options'],
  threads: number | undefined,
  report: (task: Task, share: number) => void,
  profile?: Profile,
): Distribution {
  let started = clock();
  let done = 0;
  let share = 0;
  let handOver = false;
  const interrupt = createInterrupt(() => {
    if (done === tasks.length) return;
    report(tasks[done], share);
    handOver ||= isWorthwhile(done + share);
  });
  const signal: StudyOptions['signal'] = {
    get aborted() {
      return interrupt.asked() || handOver;
    },
  };
  const ready = study(deck, { ...options, clock, signal, ...(profile ? { profile } : {}) });
  const { tasks } = ready;
  const most = tasks.length < 2 ? 1 : Math.min(threads ?? cores(), tasks.length);

  /** Whether the rest, judged by the runs done so far, is worth more threads. */
  function isWorthwhile(amount: number): boolean {
    const spent = clock() - started;
    if (threads !== undefined || most < 2 || spent < TRIAL_MS || amount === 0) return false;
    return tasks.length - done > 1 && (spent / amount) * (tasks.length - amount) > WORTH_MS;
  }

  return {
    study: ready,
    async run(take) {
      let going = true;
      const counted = (outcome: Outcome): boolean => {
        done++;
        going = take(outcome) && done < tasks.length;
        return going;
      };
      started = clock();
      handOver = threads !== undefined && most > 1;
      while (going && !handOver && !interrupt.asked()) {
        share = 0;
        const outcome = ready.run(tasks[done], (fraction) => {
          share = fraction;
        });
        if (handOver && !interrupt.asked() && isUnfinished(outcome)) break;
        handOver = counted(outcome) && isWorthwhile(done);
      }
      if (going && !interrupt.asked()) {
        const { runInPool } = await import('./pool.js');
        interrupt.listen();
        const data = { deck, options, flag: interrupt.flag, profiled: profile !== undefined };
        const reported = (outcome: Outcome): boolean => {
          if (counted(outcome)) report(tasks[done], done / tasks.length);
          return going;
        };
        await runInPool(tasks.slice(done), most, data, reported, profile);
      }
      return interrupt.asked();
    },
  };
}

/** Few runs ask, and node loads what knows it for each that does. */
const cores = (): number => process.getBuiltinModule('node:os').availableParallelism();

const isUnfinished = ({ datasets, failure }: Outcome): boolean =>
  !failure && datasets.some((d) => !d.complete);
