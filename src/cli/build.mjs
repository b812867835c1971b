// Bundles the command line, everything included, into a folder (default dist): cli.js, which starts it, and in chunks the
// bundle itself, the code V8 makes of it, and the entries of other threads.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const outdir = process.argv[2] ?? 'dist';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
rmSync(join(outdir, 'chunks'), { recursive: true, force: true });

const common = {
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  logLevel: 'warning',
};
const tinypool = fileURLToPath(import.meta.resolve('tinypool'));

const threads = build({
  ...common,
  entryPoints: {
    'chunks/task': 'src/cli/task.ts',
    'chunks/bench-task': 'src/cli/bench-task.ts',
    // Where tinypool, itself in the bundle, looks for it.
    'chunks/entry/worker': join(dirname(tinypool), 'entry', 'worker.js'),
  },
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
});

/**
 * What commander would load of node, and slowly: `process`, which is there already, and what starts commands that are
 * programs of their own, of which there are none.
 */
const lightCommander = {
  name: 'light commander',
  setup({ onResolve, onLoad }) {
    const contents = { 'node:process': 'module.exports = process', 'node:child_process': '' };
    onResolve({ filter: /^node:(process|child_process)$/ }, ({ path, importer }) =>
      /commander/.test(importer) ? { path, namespace: 'light' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'light' }, ({ path }) => ({ contents: contents[path] }));
  },
};

const { metafile } = await build({
  ...common,
  entryPoints: { 'chunks/tellegen': 'src/cli/main.ts' },
  entryNames: '[dir]/[name]-[hash]',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  define: { VERSION: JSON.stringify(version), 'import.meta.url': 'URL_OF_BUNDLE' },
  banner: { js: '(function (require, module, URL_OF_BUNDLE, COMPILE) {' },
  footer: { js: 'return module;})' },
  plugins: [lightCommander],
  metafile: true,
});
const bundle = Object.keys(metafile.outputs).find((file) => file.endsWith('.cjs'));
// engine.mjs reads a character to a byte, and esbuild leaves those of regular expressions as they are.
const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
writeFileSync(bundle, readFileSync(bundle, 'utf8').replace(/[\u0080-\uffff]/g, escaped));

await build({
  ...common,
  entryPoints: { cli: 'src/cli/start.mjs' },
  format: 'cjs',
  define: { BUNDLE: JSON.stringify(basename(bundle)), 'import.meta.dirname': '__dirname' },
});
await threads;

// Node starts a CommonJS module milliseconds sooner; all else here is ECMAScript's.
const types = { '.': 'commonjs', chunks: 'module', library: 'module' };
for (const [folder, type] of Object.entries(types)) {
  mkdirSync(join(outdir, folder), { recursive: true });
  writeFileSync(join(outdir, folder, 'package.json'), `${JSON.stringify({ type })}\n`);
}

const scratch = mkdtempSync(join(tmpdir(), 'tellegen-build-'));
const examples = ['fhn-chain', 'graetz', 'rlc-filter', 'td-oscillator'].map((name) => `netlists/${name}.cir`);
const decks = ['src/cli/remember.cir', 'src/cli/remember-many.cir', ...examples];
execFileSync(process.execPath, ['src/cli/remember.mjs', bundle, join(scratch, 'result'), ...decks]);
rmSync(scratch, { recursive: true });
