// Tellegen as a library in a process of its own: CPU seconds by phase, counts, and values at wanted times.
import { readFileSync } from 'node:fs';
import { parseDeck } from '../../../src/netlist/parse.js';
import { simulate } from '../../../src/study/simulate.js';
import { study } from '../../../src/study/study.js';
import type { PhaseReport, PhaseRequest } from '../phases.js';
import { columnOf } from '../waveform.js';

const request = JSON.parse(readFileSync(0, 'utf8')) as PhaseRequest;
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};
const since = (begin: number): number => (cpu() - begin) / 1e3;

const text = readFileSync(request.path, 'utf8');
let begin = cpu();
const deck = parseDeck(text, { file: request.path });
const parse = since(begin);
begin = cpu();
const system = study(deck).compiled.bind({});
const compile = since(begin);
const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;
const common = { unknowns: system.n, entries: system.pattern.nnz };
process.stdout.write(JSON.stringify(request.readOnly ? readOnly() : simulated()));

function readOnly(): PhaseReport {
  const seconds = { parse, compile, operatingPoint: 0, analysis: 0 };
  return { ...common, seconds, points: 0, newton: 0, factorisations: 0, peakBytes: peakBytes(), samples: [] };
}

function simulated(): PhaseReport {
  const wanted = request.times.length > 0;
  const { datasets, failure } = simulate(deck, { clock: cpu, ...(wanted ? { at: request.times } : {}) });
  if (failure) {
    process.stderr.write(`Error: ${failure.message}\n`);
    process.exit(1);
  }
  const transient = datasets[0];
  const statistic = (name: string) => Number(transient.statistics[name]);
  const waveforms = {
    time: transient.axis!.values,
    columns: new Map(transient.columns.map((c) => [c.name, c.values])),
  };
  const operatingPoint = statistic('seconds operating point');
  return {
    ...common,
    seconds: { parse, compile, operatingPoint, analysis: operatingPoint + statistic('seconds') },
    points: statistic('accepted') + 1,
    newton: statistic('iterations'),
    factorisations: statistic('factorisations'),
    peakBytes: peakBytes(),
    samples: wanted ? request.signals.map((signal) => [...columnOf(waveforms, signal)]) : [],
  };
}
