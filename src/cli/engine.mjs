// The bundle as a script of V8, with what V8 is told beforehand: code that it remembers must have been made under the
// same flags.
const { readFileSync } = process.getBuiltinModule('node:fs');
const { setFlagsFromString } = process.getBuiltinModule('node:v8');
const { Script } = process.getBuiltinModule('node:vm');
const { crc32 } = process.getBuiltinModule('node:zlib');

/** Bytecodes run in a function before V8 optimises it. A run is short: optimising as early as V8 likes costs 20 % more CPU. */
const OPTIMISE_AFTER = 800_000;
/** Bytes of code run in a kernel before V8 optimises it: as early as V8 likes, 2000 points never win back what that takes. */
const OPTIMISE_KERNELS_AFTER = 15_000_000;

/** @param {number} [bytes] of code run in a kernel */
export function optimiseKernelsAfter(bytes = OPTIMISE_KERNELS_AFTER) {
  setFlagsFromString(`--wasm-tiering-budget=${bytes}`);
}

/** @param {string} filename @param {Uint8Array} [code] what V8 made of it before; what does not fit is ignored */
export function scriptOf(filename, code) {
  setFlagsFromString(`--interrupt-budget=${OPTIMISE_AFTER}`);
  optimiseKernelsAfter();
  // Loops of the kernels are long already: unrolled they are not quicker, and take a third longer to compile.
  setFlagsFromString('--no-wasm-loop-unrolling');
  return new Script(readFileSync(filename, 'latin1'), {
    filename,
    cachedData: code,
  });
}

/**
 * Runs the command line by `process.argv`; what main.ts exports.
 *
 * @param {(bytes: Uint8Array) => WebAssembly.Module} compile makes the module of kernels
 */
export function start(script, url, compile) {
  return script.runInThisContext()(process.getBuiltinModule, { exports: {} }, url, compile).exports;
}

/** Machine code is good for one version of node on one kind of processor; which one, V8 looks at itself. */
export const ENDING = `.${process.version}-${process.arch}.kernels`;
/** Before the machine code stands its checksum, V8 having none of its own. */
const SUM = 4;

/** The machine code that V8 has made of a module so far. */
export function machineCode(module) {
  const code = Buffer.from(inside('(module) => %SerializeWasmModule(module)')(module));
  const sum = Buffer.alloc(SUM);
  sum.writeUInt32LE(crc32(code));
  return Buffer.concat([sum, code]);
}

/** The module of these bytes with machine code made of it before; undefined where that does not fit or is damaged. */
export function moduleOf(bytes, kept) {
  if (kept.length < SUM || kept.readUInt32LE() !== crc32(kept.subarray(SUM))) return undefined;
  const code = new Uint8Array(kept.subarray(SUM)).buffer;
  return inside('(code, bytes) => %DeserializeWasmModule(code, bytes)')(code, bytes);
}

/** A function that calls what V8 otherwise keeps to itself. */
function inside(text) {
  return (...given) => {
    setFlagsFromString('--allow-natives-syntax');
    try {
      return new Script(text).runInThisContext()(...given);
    } finally {
      setFlagsFromString('--no-allow-natives-syntax');
    }
  };
}
