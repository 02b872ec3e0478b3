// Lets Python wait for promises of JavaScript: WebAssembly is suspended meanwhile (JavaScript Promise Integration).
import type { PyodideAPI } from 'pyodide';

/** The parts of Pyodide's module that this touches; written down for Pyodide 314.0.7. */
interface SuspendingModule {
  readonly jspiSupported: boolean;
  readonly wasmTable: WebAssembly.Table;
  readonly HEAPU32: Uint32Array;
  readonly _run_sync: unknown;
  readonly _run_sync_not_supported: unknown;
}

/** Of CPython's builtin functions (PyCFunctionObject, PyMethodDef), in words. */
const METHOD_DEFINITION = 2;
const METHOD = 1;

/**
 * Answers whether Python can be suspended. Pyodide chooses when it starts between a `run_sync` that suspends and one that
 * refuses; a snapshot made by an engine without suspension carries the refusing one, which is replaced here.
 */
export function enableSuspension(pyodide: PyodideAPI): boolean {
  const module = (pyodide as unknown as { _module: SuspendingModule })._module;
  if (!module.jspiSupported || typeof Atomics.waitAsync !== 'function') {
    return false;
  }
  const address = Number(pyodide.runPython('id(__import__("pyodide").ffi.run_sync)'));
  const slot = ((module.HEAPU32[(address >>> 2) + METHOD_DEFINITION] ?? 0) >>> 2) + METHOD;
  const chosen: unknown = module.wasmTable.get(module.HEAPU32[slot] ?? 0);
  if (chosen === module._run_sync_not_supported) {
    module.HEAPU32[slot] = module.wasmTable.grow(1, module._run_sync);
    return true;
  }
  return chosen === module._run_sync;
}
