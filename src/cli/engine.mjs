// The bundle as a script of V8, with what V8 is told beforehand: code that it remembers must have been made under the
// same flags.
const { readFileSync } = process.getBuiltinModule('node:fs');
const { setFlagsFromString } = process.getBuiltinModule('node:v8');
const { Script } = process.getBuiltinModule('node:vm');

/** Bytecodes run in a function before V8 optimises it. A run is short: optimising as early as V8 likes costs 20 % more CPU. */
const OPTIMISE_AFTER = 800_000;
/** Bytes of code run in a kernel before V8 optimises it: as early as V8 likes, 2000 points never win back what that takes. */
const OPTIMISE_KERNELS_AFTER = 15_000_000;

/** @param {string} filename @param {Uint8Array} [code] what V8 made of it before; what does not fit is ignored */
export function scriptOf(filename, code) {
  setFlagsFromString(`--interrupt-budget=${OPTIMISE_AFTER}`);
  setFlagsFromString(`--wasm-tiering-budget=${OPTIMISE_KERNELS_AFTER}`);
  // Loops of the kernels are long already: unrolled they are not quicker, and take a third longer to compile.
  setFlagsFromString('--no-wasm-loop-unrolling');
  return new Script(readFileSync(filename, 'latin1'), {
    filename,
    cachedData: code,
  });
}

/** Runs the command line by `process.argv`; what main.ts exports. */
export function start(script, url) {
  return script.runInThisContext()(process.getBuiltinModule, { exports: {} }, url).exports;
}
