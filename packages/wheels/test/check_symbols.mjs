#!/usr/bin/env node
// Says which functions the compiled modules of wheels call that nobody will give them in the tab.
//
//   node check_symbols.mjs PYODIDE WHEEL_OR_FOLDER...
//
// PYODIDE is the folder of the npm package. A side module with an unresolved symbol loads and imports as if all were
// well; the call ends the whole interpreter. So this is a gate of the build and not left to tests, which do not reach
// every function. Ends with 1 when something is missing.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { entries } from './zip.mjs';

// What the loader itself makes for each side module.
const LOADER = new Set(['memory', '__indirect_function_table', '__memory_base', '__table_base', '__stack_pointer']);

/** The names that the main module and Pyodide's own JavaScript give to side modules. */
function offered(pyodide) {
  const main = new WebAssembly.Module(readFileSync(join(pyodide, 'pyodide.asm.wasm')));
  const script = readFileSync(join(pyodide, 'pyodide.asm.mjs'), 'utf8');
  const table = script.match(/\bwasmImports=\{([^{}]*)\}/);
  if (!table) throw new Error('pyodide.asm.mjs has no table of imports where this release has it');
  const functions = table[1].split(',').map((entry) => entry.split(':')[0].trim());
  return new Set([...LOADER, ...functions, ...WebAssembly.Module.exports(main).map((e) => e.name)]);
}

/** The names that a side module needs from outside. */
function missing(bytes, names) {
  const module = new WebAssembly.Module(bytes);
  const own = new Set(WebAssembly.Module.exports(module).map((e) => e.name));
  return WebAssembly.Module.imports(module).map((i) => i.name).filter((name) => !names.has(name) && !own.has(name));
}

function wheels(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).filter((name) => name.endsWith('.whl')).sort().map((name) => join(path, name));
}

const [pyodide, ...paths] = process.argv.slice(2);
if (!pyodide || paths.length === 0) {
  console.error('usage: check_symbols.mjs PYODIDE WHEEL_OR_FOLDER...');
  process.exit(2);
}
const names = offered(pyodide);
let modules = 0;
let bad = 0;
for (const wheel of paths.flatMap(wheels)) {
  for (const [path, content] of entries(readFileSync(wheel))) {
    if (!path.endsWith('.so')) continue;
    modules += 1;
    const lacking = [...new Set(missing(content(), names))];
    if (lacking.length > 0) {
      bad += 1;
      console.error(`${basename(wheel)} ${path}: nobody offers ${lacking.join(', ')}`);
    }
  }
}
console.log(`${modules} compiled modules, ${bad} with missing symbols`);
process.exit(bad > 0 || modules === 0 ? 1 : 0);
