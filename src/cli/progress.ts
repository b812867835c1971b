// One line on standard error while a long run is under way; gone when it is done.
import type { Progress } from '../study/simulate.js';
import { clock } from './clock.js';
import { errRaw, isTerminal } from './terminal.js';

const WAIT_MS = 300;
const EVERY_MS = 100;
const CELLS = 24;

/** Shows progress when standard error is a terminal and the run takes longer than a moment. */
export function progressLine(quiet: boolean): { report(p: Progress): void; clear(): void } {
  const active = !quiet && isTerminal(2);
  let next = clock() + WAIT_MS;
  let shown = false;
  return {
    report({ label, run, runs, fraction }) {
      if (!active) return;
      const now = clock();
      if (now < next) return;
      next = now + EVERY_MS;
      shown = true;
      const done = Math.round(CELLS * Math.min(1, Math.max(0, fraction)));
      const bar = '█'.repeat(done) + '░'.repeat(CELLS - done);
      const which = runs > 1 ? ` ${run + 1}/${runs}` : '';
      errRaw(`\r\x1b[2K${label}${which} ${bar} ${Math.floor(100 * fraction)} %`);
    },
    clear() {
      if (shown) errRaw('\r\x1b[2K');
      shown = false;
    },
  };
}
