// V8 with the same file and the same kernel of memory functions as the node: nothing but WebAssembly between call and answer.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support.mjs';

/** Loads a plug-in that needs memory functions only. Answers a function that calls one of its exports with bytes. */
export function load(file) {
  const kernel = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(join(ROOT, 'workers/src/main/resources/dev/cloche/workers/kernel.wasm')))).exports;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), { 'extism:host/env': kernel });
  exports._initialize?.();
  return (name, input) => {
    const at = Number(kernel.cloche_begin(BigInt(input.length)));
    new Uint8Array(kernel.memory.buffer, at, input.length).set(input);
    if (exports[name]() !== 0) throw new Error('the worker failed');
    const [, , output, length] = kernel.cloche_end();
    return new Uint8Array(kernel.memory.buffer, Number(output), Number(length)).slice();
  };
}
