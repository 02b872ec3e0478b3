/**
 * The process that records one snapshot: record.mjs PYODIDE LOADER SITE WARM-UP HEAP-OUT FACTS-OUT
 *
 * It starts Pyodide twice. The first run finds out which native libraries the warm-up loads, and in which order; the
 * second has them loaded before Python starts, as every restored session will, and gives its memory.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { advance } from './fixed-world.mjs';

const [pyodide, loader, sitePack, warmUpFile, heapOut, factsOut] = process.argv.slice(2);
const load = (folder, file) => import(pathToFileURL(join(folder, file)).href);
const { readFilePack } = await load(loader, 'file-pack.js');
const { encodeHeap } = await load(loader, 'heap-image.js');
const { EMPTY_LOCK_FILE, SITE_PACKAGES, startRuntime, writeFiles } = await load(loader, 'start.js');
const { loadPyodide } = await load(pyodide, 'pyodide.mjs');
const { default: createModule } = await load(pyodide, 'pyodide.asm.mjs');

process.on('uncaughtException', (error) => {
  // Node's own report would print the line of code, which is all of Pyodide.
  console.error(error.message);
  process.exit(1);
});

const scripts = { loadPyodide, createModule, indexUrl: pyodide };
const config = { lockFileContents: EMPTY_LOCK_FILE };
const { files } = readFilePack(await readFile(sitePack));
const warmUp = await readFile(warmUpFile, 'utf8');

/** Writes down which modules are asked for and not there: who imports one on trial has remembered that in the snapshot. */
const WATCH_IMPORTS = `
import sys
from importlib.machinery import PathFinder

class Missing:
    names = set()

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if path is None:
            cls.names.add(name)

sys.meta_path.insert(sys.meta_path.index(PathFinder) + 1, Missing)
`;
const UNWATCH_IMPORTS = `
import json, sys
missing = next(finder for finder in sys.meta_path if getattr(finder, "__name__", "") == "Missing")
sys.meta_path.remove(missing)
json.dumps(sorted(missing.names - set(sys.modules)))
`;

const reads = new Map();
const { paths, fresh } = await librariesOfWarmUp();
// The allocator seeds its random numbers from the clock; the two starts must show where it keeps them.
advance(3_600_000);
const { pyodide: py, module, recording, missing } = await record(paths);
const snapshot = py.makeMemorySnapshot();
await writeFile(heapOut, encodeHeap(snapshot, recording.fresh, fresh));
await writeFile(factsOut, JSON.stringify({
  sitePackages: SITE_PACKAGES,
  pyodide: py.version,
  python: py.runPython('import platform; platform.python_version()'),
  modules: py.runPython('import sys; len(sys.modules)'),
  heapBytes: module.HEAPU8.length,
  tableEnd: module.wasmTable.length,
  table: recording.placed.table,
  places: recording.placed.places,
  handles: handles(),
  missing,
  read: [...reads].filter(([, times]) => times > 1).map(([name]) => name).sort(),
}));
// Pyodide keeps timers.
process.exit(0);

async function librariesOfWarmUp() {
  const first = await startRuntime(scripts, { kind: 'record', libraries: [] }, config);
  writeFiles(first.module.FS, files);
  first.pyodide.runPython(warmUp);
  const loaded = Object.keys(first.module.LDSO.loadedLibsByName);
  return { paths: loaded.filter((path) => path.startsWith(`${SITE_PACKAGES}/`)), fresh: first.recording.fresh };
}

async function record(libraryPaths) {
  const bytesOf = new Map(files.map((file) => [`${SITE_PACKAGES}/${file.path}`, file.bytes]));
  const libraries = await Promise.all(libraryPaths.map(async (path) => (
    { path, module: await WebAssembly.compile(bytesOf.get(path)) })));
  const started = await startRuntime(scripts, { kind: 'record', libraries }, config);
  started.recording.placed.constructors.forEach((construct) => construct());
  writeFiles(started.module.FS, files);
  watchReads(started.module.FS);
  runAside(started.pyodide, WATCH_IMPORTS);
  started.pyodide.runPython(warmUp);
  const missing = JSON.parse(runAside(started.pyodide, UNWATCH_IMPORTS));
  started.pyodide.runPython('import gc; gc.collect(); del gc');
  return { ...started, missing };
}

/** In a namespace of its own, which is gone afterwards. */
function runAside(pyodide, code) {
  const globals = pyodide.toPy({});
  try {
    return pyodide.runPython(code, { globals });
  } finally {
    globals.destroy();
  }
}

/**
 * Counts who is read, as a guess of what a first program reads. Sources of modules do not count: they are imported
 * already. Settings, and fonts that are only listed, are read once and then known.
 */
function watchReads(fs) {
  const open = fs.open;
  fs.open = (path, ...rest) => {
    if (typeof path === 'string' && path.startsWith(`${SITE_PACKAGES}/`) && !/\.(py|so)$/.test(path)) {
      const name = path.slice(SITE_PACKAGES.length + 1);
      reads.set(name, (reads.get(name) ?? 0) + 1);
    }
    return open.call(fs, path, ...rest);
  };
}

function handles() {
  return Object.entries(module.LDSO.loadedLibsByHandle)
    .filter(([, library]) => library && paths.includes(library.name))
    .map(([address, library]) => [Number(address), paths.indexOf(library.name)]);
}
