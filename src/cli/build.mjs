// Bundles the command line, everything included, into a folder (default dist): cli.js and chunks, among them the entries
// of other threads.
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const outdir = process.argv[2] ?? 'dist';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
rmSync(join(outdir, 'chunks'), { recursive: true, force: true });

await build({
  entryPoints: {
    cli: 'src/cli/main.ts',
    'chunks/task': 'src/cli/task.ts',
    // Where tinypool, itself in a chunk, looks for it.
    'chunks/entry/worker': join(
      dirname(fileURLToPath(import.meta.resolve('tinypool'))),
      'entry',
      'worker.js',
    ),
  },
  outdir,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  define: { VERSION: JSON.stringify(version) },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  legalComments: 'linked',
  logLevel: 'warning',
});
