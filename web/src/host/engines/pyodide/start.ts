/**
 * Starts Pyodide plainly, so that a snapshot can be taken from it, or from a snapshot. The build that records a
 * snapshot and the worker that restores it both come through here: what they do before Python starts must be equal.
 */
import type { PyodideAPI, PyodideConfig } from 'pyodide';
import type { CreateModule, EmscriptenModule, FileSystem } from './emscripten';
import type { PackedFile } from './file-pack';
import { requireSameFreshMemory, type HeapImage } from './heap-image';
import { loadLibraries, requireSamePlaces, type CompiledLibrary, type PlacedLibraries } from './side-modules';
import type { SnapshotManifest } from './snapshot-format';

export const SITE_PACKAGES = '/lib/python3.14/site-packages';

/** Pyodide's two scripts, and the folder that they take the other runtime files from. */
export interface RuntimeScripts {
  readonly loadPyodide: (config: PyodideConfig) => Promise<PyodideAPI>;
  readonly createModule: CreateModule;
  readonly indexUrl: string;
}

export type StartPlan =
  | { readonly kind: 'plain'; readonly environment: Readonly<Record<string, string>> }
  | { readonly kind: 'record'; readonly libraries: readonly CompiledLibrary[] }
  | {
    readonly kind: 'restore';
    readonly manifest: SnapshotManifest;
    readonly libraries: Promise<readonly CompiledLibrary[]>;
    readonly heap: Promise<HeapImage>;
  };

export type PackageConfig = Pick<PyodideConfig, 'lockFileContents' | 'packageBaseUrl'>;

/** The lock file that Pyodide ships names wheels which it does not bring; an empty one saves its download too. */
export const EMPTY_LOCK_FILE = {
  info: { arch: 'wasm32', abi_version: '2026_0', platform: 'emscripten_5_0_3', version: '314.0.7', python: '3.14.2' },
  packages: {},
} as const;

export interface StartedRuntime {
  readonly pyodide: PyodideAPI;
  readonly module: EmscriptenModule;
  /** Of a recording: where the libraries are, and the memory before Python started. */
  readonly recording: { readonly placed: PlacedLibraries; readonly fresh: Uint8Array } | undefined;
}

/**
 * Environment of every start. libc copies it into the memory before the libraries are loaded, so it decides their
 * addresses: all variables are set here, also those that would come from the browser's language, and none of these
 * may differ between recording and restoring. A session gets its own values afterwards.
 */
const START_ENVIRONMENT: Readonly<Record<string, string>> = {
  HOME: '/home/pyodide',
  LANG: 'C.UTF-8',
  LOGNAME: 'web_user',
  PATH: '/',
  PWD: '/',
  PYTHONINSPECT: '1',
  USER: 'web_user',
  _: './this.program',
};

/** Makes string hashes, and with them the whole snapshot, the same in every build. */
const RECORD_ENVIRONMENT = { ...START_ENVIRONMENT, PYTHONHASHSEED: '314' };

/**
 * Never settles when the interpreter dies in a way that it does not report; callers keep a time-out.
 */
export async function startRuntime(
  scripts: RuntimeScripts,
  plan: StartPlan,
  config: PackageConfig,
): Promise<StartedRuntime> {
  let module: EmscriptenModule | undefined;
  let recording: StartedRuntime['recording'];
  const { promise: failed, reject: fail } = rejection();

  const createModule: CreateModule = async (settings) => {
    module = settings;
    settings.API.on_fatal = fail;
    if (plan.kind === 'record') {
      settings.onRuntimeInitialized = () => {
        const placed = loadLibraries(settings, plan.libraries);
        setTrampoline(settings, 0);
        recording = { placed, fresh: settings.HEAPU8.slice() };
      };
    }
    const created = await scripts.createModule(settings);
    if (plan.kind === 'restore') {
      await prepareRestore(created, plan);
    }
    return created;
  };
  const pyodide = await Promise.race([failed, scripts.loadPyodide({
    ...config,
    indexURL: scripts.indexUrl,
    env: plan.kind === 'plain' ? { ...START_ENVIRONMENT, ...plan.environment } : { ...RECORD_ENVIRONMENT },
    // Else the build machine's script name would be in the memory.
    _sysExecutable: './this.program',
    createPyodideModule: createModule as unknown as NonNullable<PyodideConfig['createPyodideModule']>,
    ...(plan.kind === 'record' ? { _makeSnapshot: true } : {}),
    // Only says that Python must not start by itself; the memory is put in place by `prepareRestore`.
    ...(plan.kind === 'restore' ? { _loadSnapshot: new Uint8Array(16) } : {}),
  })]);
  if (module === undefined) {
    throw new Error('Pyodide did not create its module through the loader');
  }
  return { pyodide, module, recording };
}

/** Relative to site-packages. The files keep referring to the pack's buffer; nothing is copied. */
export function writeFiles(fs: FileSystem, files: readonly PackedFile[]): void {
  const made = new Set<string>();
  for (const { path, bytes } of files) {
    const target = `${SITE_PACKAGES}/${path}`;
    const folder = target.slice(0, target.lastIndexOf('/'));
    if (!made.has(folder)) {
      fs.mkdirTree(folder);
      made.add(folder);
    }
    fs.writeFile(target, bytes, { canOwn: true });
  }
}

type RestorePlan = Extract<StartPlan, { kind: 'restore' }>;

/** The libraries are linked while the heap is still on its way. */
async function prepareRestore(module: EmscriptenModule, plan: RestorePlan): Promise<void> {
  requireSamePlaces(loadLibraries(module, await plan.libraries), plan.manifest);
  const heap = await plan.heap;
  requireSameBuild(module, heap);
  module.API.restoreSnapshot = () => {
    restoreMemory(module, heap);
    for (const [address, library] of plan.manifest.handles) {
      const path = plan.manifest.libraries[library]?.path ?? '';
      const linked = module.LDSO.loadedLibsByName[path];
      if (linked === undefined) {
        throw new Error(`no library for the handle of ${path}`);
      }
      module.LDSO.loadedLibsByHandle[address] = linked;
    }
    return heap.bridge;
  };
}

function restoreMemory(module: EmscriptenModule, heap: HeapImage): void {
  const trampoline = module.HEAP32[trampolineSlot(module)] ?? 0;
  setTrampoline(module, 0);
  requireSameFreshMemory(heap, module.HEAPU8);
  if (module.HEAPU8.length < heap.heapBytes && module.growMemory(heap.heapBytes) !== 1) {
    throw new Error(`no memory for a heap of ${heap.heapBytes} bytes`);
  }
  heap.fill(module.HEAPU8);
  setTrampoline(module, trampoline);
}

function requireSameBuild(module: EmscriptenModule, heap: HeapImage): void {
  if (module.API.config.BUILD_ID !== heap.buildId) {
    throw new Error('the snapshot is of another build of Pyodide');
  }
}

/**
 * CPython calls C functions of unknown arity through a trampoline whose table index depends on what the engine can do
 * (0: none, the slower way over JavaScript). A snapshot carries 0, and each session puts in its own.
 */
function setTrampoline(module: EmscriptenModule, index: number): void {
  module.HEAP32[trampolineSlot(module)] = index;
}

function trampolineSlot(module: EmscriptenModule): number {
  const offset = module.HEAP32[module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >>> 2] ?? 0;
  return (module.__PyRuntime + offset) >>> 2;
}

function rejection(): { promise: Promise<never>; reject: (error: unknown) => void } {
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<never>((_resolve, reason) => {
    reject = reason;
  });
  // Nobody may be waiting any more when a session dies later.
  promise.catch(() => undefined);
  return { promise, reject };
}
