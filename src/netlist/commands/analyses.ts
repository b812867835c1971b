// .op, .dc, .ac, .tran: what is to be computed.
import type { Value } from '../../circuit/circuit.js';
import type { Span } from '../../errors.js';
import {
  type Cursor,
  endSpan,
  here,
  next,
  nextSpan,
  peek,
  spanFrom,
  take,
  takeWord,
  wordSpan,
  wordText,
} from '../cursor.js';
import type { DcSweep, SweepVariable } from '../deck.js';
import { makeNames } from '../names.js';
import type { Session } from '../session.js';
import { takeVariable } from '../sweeps.js';
import { readValue } from '../values.js';
import type { Command } from './command.js';

/** Reads the values of an analysis card, noting where they stand. */
function makeReader(s: Session, c: Cursor) {
  const names = makeNames(s, s.global, 'number');
  return (what: string): { value: Value; span: Span } | undefined => {
    const start = here(c);
    const value = readValue(s, c, names, what);
    return value === undefined ? undefined : { value, span: spanFrom(c, start, c.at) };
  };
}

/** Reads `[sweep] data=name`. */
function readData(s: Session, c: Cursor): { data?: string } {
  const before = c.at;
  const said = takeWord(c, 'sweep');
  if (takeWord(c, 'data') && take(c, 61) && next(c)) {
    s.dataUses.push({ name: wordText(c), span: wordSpan(c) });
    return { data: wordText(c) };
  }
  if (said)
    s.report.error(
      'unexpected-word',
      'expected data=name after sweep',
      nextSpan(c),
      '.tran 1u 1m sweep data=table',
    );
  else c.at = before;
  return {};
}

const positive = (s: Session, what: string, got: { value: Value; span: Span } | undefined): void => {
  if (got && typeof got.value === 'number' && !(got.value > 0)) {
    s.report.error('out-of-bounds', `${what} must be above 0`, got.span);
  }
};

const op: Command = {
  names: ['op'],
  when: 'later',
  read(s, c) {
    s.draft.analyses.push({ kind: 'op', span: spanFrom(c, c.start, c.at), ...readData(s, c) });
  },
};

const tran: Command = {
  names: ['tran'],
  when: 'later',
  read(s, c) {
    const span = spanFrom(c, c.start, c.at);
    const read = makeReader(s, c);
    const tstep = read('the print step (.tran tstep tstop)');
    const tstop = tstep && read('the end time (.tran tstep tstop)');
    if (!tstep || !tstop) return;
    positive(s, 'tstep', tstep);
    positive(s, 'tstop', tstop);
    let uic = false;
    const more: { value: Value; span: Span }[] = [];
    let data: { data?: string } = {};
    while (peek(c) !== 0) {
      if (takeWord(c, 'uic')) {
        uic = true;
        continue;
      }
      const before = c.at;
      data = { ...data, ...readData(s, c) };
      if (c.at > before) continue;
      if (more.length === 2) break;
      const got = read('a time');
      if (!got) return;
      more.push(got);
    }
    const [tstart, tmax] = more;
    const start = tstart?.value ?? 0;
    if (
      typeof start === 'number' &&
      (start < 0 || (typeof tstop.value === 'number' && tstop.value > 0 && start >= tstop.value))
    ) {
      s.report.error('out-of-bounds', 'tstart must lie between 0 and tstop', tstart?.span ?? tstop.span);
    }
    if (tmax && tmax.value !== 0) positive(s, 'tmax', tmax);
    s.draft.analyses.push({
      kind: 'tran',
      span,
      tstep: tstep.value,
      tstop: tstop.value,
      tstart: start,
      ...(tmax && tmax.value !== 0 ? { tmax: tmax.value } : {}),
      uic,
      ...data,
    });
  },
};

const ac: Command = {
  names: ['ac'],
  when: 'later',
  read(s, c) {
    const span = spanFrom(c, c.start, c.at);
    const variation = next(c) ? wordText(c) : '';
    if (variation !== 'dec' && variation !== 'oct' && variation !== 'lin') {
      const where = variation === '' ? endSpan(c) : wordSpan(c);
      const hint = s.report.suggest(variation, ['dec', 'oct', 'lin'], '.ac dec 10 1 1meg');
      s.report.error('unknown-variation', 'expected dec, oct or lin', where, hint);
      return;
    }
    const read = makeReader(s, c);
    const points = read('the number of points');
    const fstart = points && read('the first frequency');
    const fstop = fstart && read('the last frequency');
    if (!points || !fstart || !fstop) return;
    const n = points.value;
    if (typeof n === 'number' && !(Number.isInteger(n) && n >= 1)) {
      s.report.error('out-of-bounds', 'the number of points must be a whole number, at least 1', points.span);
    }
    if (variation !== 'lin') positive(s, 'the first frequency', fstart);
    if (typeof fstart.value === 'number' && typeof fstop.value === 'number' && fstop.value < fstart.value) {
      s.report.error('out-of-bounds', 'the last frequency lies below the first', fstop.span);
    }
    s.draft.analyses.push({
      kind: 'ac',
      span,
      variation,
      points: n,
      fstart: fstart.value,
      fstop: fstop.value,
      ...readData(s, c),
    });
  },
};

const dc: Command = {
  names: ['dc'],
  when: 'later',
  read(s, c) {
    const span = spanFrom(c, c.start, c.at);
    const read = makeReader(s, c);
    const sweeps: DcSweep[] = [];
    let data: { data?: string } = {};
    while (peek(c) !== 0) {
      const before = c.at;
      data = { ...data, ...readData(s, c) };
      if (c.at > before) continue;
      const variable: SweepVariable | undefined = takeVariable(s, c);
      const start = variable && read('the first value');
      const stop = start && read('the last value');
      const step = stop && read('the step');
      if (!variable || !start || !stop || !step) return;
      if (step.value === 0) s.report.error('out-of-bounds', 'the step must not be zero', step.span);
      sweeps.push({ variable, start: start.value, stop: stop.value, step: step.value });
    }
    if (sweeps.length === 0 && data.data === undefined) {
      s.report.error('missing-value', '.dc needs what it sweeps', endSpan(c), '.dc v1 0 5 0.1');
      return;
    }
    s.draft.analyses.push({ kind: 'dc', span, sweeps, ...data });
  },
};

export const analysisCommands: readonly Command[] = [op, dc, ac, tran];
