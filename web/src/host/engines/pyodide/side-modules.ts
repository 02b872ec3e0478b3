/**
 * Loads native libraries before the interpreter starts, at addresses that are the same in every run.
 *
 * A library gets the next free memory and table addresses. A snapshot is full of pointers to them, so the run that
 * records it and the runs that restore it load the same libraries in the same order from the same starting point.
 */
import type { EmscriptenModule, LinkFlags } from './emscripten';
import type { SnapshotManifest } from './snapshot-format';

/** A compiled library; `path` is where Python would find it, and its name from then on. */
export interface CompiledLibrary {
  readonly path: string;
  readonly module: WebAssembly.Module;
}

export interface PlacedLibraries {
  readonly table: { readonly before: number; readonly after: number };
  readonly places: readonly { readonly path: string; readonly memoryBase: number; readonly tableBase: number }[];
  /** Static constructors, held back: some call Python, which does not run yet; in a restored memory they have run. */
  readonly constructors: readonly (() => void)[];
}

/** Engines add different numbers of helper functions (trampolines) to the table; libraries start above all of them. */
const TABLE_ALIGNMENT = 1024;

export function loadLibraries(module: EmscriptenModule, libraries: readonly CompiledLibrary[]): PlacedLibraries {
  const { wasmTable } = module;
  const before = Math.ceil((wasmTable.length + 1) / TABLE_ALIGNMENT) * TABLE_ALIGNMENT;
  wasmTable.grow(before - wasmTable.length);

  const places: PlacedLibraries['places'][number][] = [];
  const constructors: (() => void)[] = [];
  for (const library of libraries) {
    const linked = link(module, library);
    places.push({ path: library.path, ...linked.base });
    if (linked.construct !== undefined) {
      constructors.push(linked.construct);
    }
  }
  return { table: { before, after: wasmTable.length }, places, constructors };
}

/** Throws when the libraries did not get the addresses that the snapshot knows. */
export function requireSamePlaces(placed: PlacedLibraries, manifest: SnapshotManifest): void {
  if (placed.table.before !== manifest.table.before || placed.table.after !== manifest.table.after) {
    throw new Error(`the function table is ${JSON.stringify(placed.table)}, not ${JSON.stringify(manifest.table)}`);
  }
  for (const [i, want] of manifest.libraries.entries()) {
    const got = placed.places[i];
    if (got === undefined || got.path !== want.path
      || got.memoryBase !== want.memoryBase || got.tableBase !== want.tableBase) {
      throw new Error(`${want.path} is at ${JSON.stringify(got)}`);
    }
  }
}

const FLAGS: LinkFlags = { global: false, nodelete: true, loadAsync: false };

interface Linked {
  readonly base: { readonly memoryBase: number; readonly tableBase: number };
  readonly construct: (() => void) | undefined;
}

/**
 * Links one library. Emscripten creates the instance itself and runs its constructors at once; standing in for
 * `WebAssembly.Instance` during this synchronous call is the only way to see its addresses and to hold them back.
 */
function link(module: EmscriptenModule, { path, module: code }: CompiledLibrary): Linked {
  let linked: Linked | undefined;
  const Instance = WebAssembly.Instance;
  const standIn = function (compiled: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance {
    const { __wasm_call_ctors: construct, ...exports } = { ...new Instance(compiled, imports).exports };
    const env = imports['env'] as Record<string, unknown>;
    linked = {
      base: { memoryBase: Number(env['__memory_base']), tableBase: Number(env['__table_base']) },
      construct: construct as (() => void) | undefined,
    };
    return { exports };
  };
  try {
    WebAssembly.Instance = standIn as unknown as typeof WebAssembly.Instance;
    module.preloadedWasm[path] = module.loadWebAssemblyModule(code, FLAGS, path, {});
  } finally {
    WebAssembly.Instance = Instance;
  }
  module.loadDynamicLibrary(path, FLAGS);
  if (linked === undefined) {
    throw new Error(`${path} was not linked`);
  }
  return linked;
}
