// A deck from text: the resonance of an RLC filter, measured and compared with its formula, and drawn.
//     node examples/filter.mjs [picture.svg]
import { writeFileSync } from 'node:fs';
import { formatDiagnostic, InputError, parseDeck, plotSvg, simulate } from 'tellegen';

const text = `second-order low-pass
.param q=5
V1 in 0 AC 1
R1 in a {1000/q}
L1 a out {1000/(2*pi*10k)}
C1 out 0 {1/(2*pi*10k*1000)}
.ac dec 1000 1k 100k
.meas ac peak MAX vdb(out)
.meas ac f0 WHEN vp(out)={-pi/2}
.meas ac corner WHEN vdb(out)=-3 FALL=1
.end`;

try {
  const { datasets, measures } = simulate(parseDeck(text));
  const value = Object.fromEntries(measures.map((m) => [m.name, m.value]));
  const q = 5;
  const exact = 20 * Math.log10((q * q) / Math.sqrt(q * q - 0.25));
  console.log(`peak    ${value.peak.toFixed(3)} dB (Q²/√(Q² − 1/4) is ${exact.toFixed(3)} dB)`);
  console.log(`f0      ${(value.f0 / 1e3).toFixed(3)} kHz`);
  console.log(`corner  ${(value.corner / 1e3).toFixed(3)} kHz`);
  const [, , file] = process.argv;
  const svg = plotSvg(datasets, { title: 'second-order low-pass, Q = 5' });
  if (file !== undefined && svg !== undefined) writeFileSync(file, svg);
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  for (const d of error.diagnostics) console.error(formatDiagnostic(d));
  process.exitCode = 2;
}
