/**
 * Boots Pyodide in a worker: from a snapshot, or plainly when there is none or when it cannot be restored.
 */
import type { PyodideAPI, PyodideConfig } from 'pyodide';
import type { CreateModule } from './emscripten';
import { FetchedSnapshot, type SnapshotSource } from './fetched-snapshot';
import { refreshSession } from './fresh-session';
import type { IncludedPackage, SnapshotManifest } from './snapshot-format';
import { EMPTY_LOCK_FILE, startRuntime, type PackageConfig, type RuntimeScripts, type StartedRuntime } from './start';

export type { SnapshotSource } from './fetched-snapshot';

export interface BootOptions {
  /** Absolute URL of the folder with `pyodide.mjs`, `pyodide.asm.mjs`, `pyodide.asm.wasm`, `python_stdlib.zip`. */
  readonly runtimeUrl: string;
  readonly snapshot?: SnapshotSource;
  /** Variables of this session, on top of the defaults. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Created when missing, and made the current folder. */
  readonly workFolder?: string;
  /** What `loadPackage` knows by name; without it, it takes URLs of wheels only. */
  readonly lockFile?: NonNullable<PyodideConfig['lockFileContents']>;
  /** Absolute URL that relative file names in the lock file refer to. */
  readonly packageBaseUrl?: string;
  /** After this time the restore is given up and Pyodide booted plainly. */
  readonly restoreTimeoutMs?: number;
  /** Bytes of the snapshot that have arrived, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Called when the interpreter dies; it cannot be used any more. */
  readonly onFatal?: (error: unknown) => void;
}

export interface BootedRuntime {
  readonly pyodide: PyodideAPI;
  readonly boot: 'snapshot' | 'plain';
  /** Why it is a plain boot although there was a snapshot. */
  readonly reason?: string;
  /** What can be imported: the packages of the snapshot, also after a plain boot. */
  readonly packages: readonly IncludedPackage[];
  /** Memory of the interpreter; it only ever grows. */
  readonly heapBytes: number;
  /** When nothing of the start goes on in the background any more. */
  readonly settled: Promise<void>;
  /** Milliseconds from the call to the end of each step. */
  readonly timings: Readonly<Record<string, number>>;
}

const RESTORE_TIMEOUT_MS = 30_000;

/**
 * Resolves when Python can run user code: the files of all included packages are in place.
 *
 * Rejects only when the plain boot fails as well. Never settles when the worker's thread hangs in WebAssembly, or when
 * the content security policy forbids WebAssembly; the page that owns the worker keeps a time-out, ends the worker and
 * starts another one without a snapshot.
 */
export async function bootPyodide(options: BootOptions): Promise<BootedRuntime> {
  const clock = new BootClock();
  const scripts = loadScripts(options.runtimeUrl);
  const { snapshot } = options;
  if (snapshot === undefined) {
    const started = await bootPlainly(await scripts, options, clock);
    return finish(started, options, clock, { boot: 'plain', packages: [], settled: Promise.resolve() });
  }
  const fetched = new FetchedSnapshot(snapshot, options.onProgress);
  try {
    const limit = options.restoreTimeoutMs ?? RESTORE_TIMEOUT_MS;
    const started = await within(limit, restore(scripts, snapshot.manifest, fetched, options, clock));
    return finish(started, options, clock, {
      boot: 'snapshot', packages: snapshot.manifest.packages, settled: fetched.settle(),
    });
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    await fetched.forget();
    const started = await bootPlainly(await scripts, options, clock);
    const packages = await installAfterPlainBoot(started, snapshot.manifest, fetched);
    return finish(started, options, clock, { boot: 'plain', reason, packages, settled: fetched.settle() });
  }
}

async function restore(
  scripts: Promise<RuntimeScripts>,
  manifest: SnapshotManifest,
  fetched: FetchedSnapshot,
  options: BootOptions,
  clock: BootClock,
): Promise<StartedRuntime> {
  const { heap, libraries } = fetched;
  heap.then(() => { clock.mark('heap'); }, () => undefined);
  libraries.then(() => { clock.mark('libraries'); }, () => undefined);
  const runtime = await scripts;
  clock.mark('scripts');
  const started = await startRuntime(runtime, { kind: 'restore', manifest, libraries, heap }, packageConfig(options));
  clock.mark('restored');
  await fetched.install(started.module.FS, 'linked');
  clock.mark('files');
  refreshSession(started.pyodide, started.module, options.environment ?? {});
  return started;
}

async function bootPlainly(scripts: RuntimeScripts, options: BootOptions, clock: BootClock): Promise<StartedRuntime> {
  const plan = { kind: 'plain', environment: options.environment ?? {} } as const;
  const started = await startRuntime(scripts, plan, packageConfig(options));
  clock.mark('started');
  return started;
}

/** After a plain boot: the packages of the snapshot as ordinary files, so that the session can import the same. */
async function installAfterPlainBoot(
  started: StartedRuntime,
  manifest: SnapshotManifest,
  fetched: FetchedSnapshot,
): Promise<readonly IncludedPackage[]> {
  try {
    await within(RESTORE_TIMEOUT_MS, fetched.install(started.module.FS, 'as files'));
    return manifest.packages;
  } catch {
    // The files may be what was wrong with the snapshot; the session then starts with the standard library only.
    return [];
  }
}

function finish(
  { pyodide, module }: StartedRuntime,
  { workFolder, onFatal }: BootOptions,
  clock: BootClock,
  outcome: Pick<BootedRuntime, 'boot' | 'packages' | 'reason' | 'settled'>,
): BootedRuntime {
  for (const { name } of outcome.packages) {
    // `loadPackage` must not fetch them again as dependencies of others.
    pyodide.loadedPackages[name] = 'default channel';
  }
  if (workFolder !== undefined) {
    module.FS.mkdirTree(workFolder);
    module.FS.chdir(workFolder);
  }
  if (onFatal !== undefined) {
    module.API.on_fatal = onFatal;
  }
  clock.mark('ready');
  return { ...outcome, pyodide, heapBytes: module.HEAPU8.length, timings: clock.marks };
}

/** Pyodide asks for its WebAssembly as soon as the first, small script runs; the second comes meanwhile. */
async function loadScripts(runtimeUrl: string): Promise<RuntimeScripts> {
  const asm = import(/* @vite-ignore */ `${runtimeUrl}pyodide.asm.mjs`) as Promise<{ default: CreateModule }>;
  asm.catch(() => undefined);
  const api = await import(/* @vite-ignore */ `${runtimeUrl}pyodide.mjs`) as Pick<RuntimeScripts, 'loadPyodide'>;
  return {
    loadPyodide: api.loadPyodide,
    createModule: async (settings) => (await asm).default(settings),
    indexUrl: runtimeUrl,
  };
}

function packageConfig({ lockFile, packageBaseUrl }: BootOptions): PackageConfig {
  return {
    lockFileContents: lockFile ?? EMPTY_LOCK_FILE,
    ...(packageBaseUrl === undefined ? {} : { packageBaseUrl }),
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error(`not restored after ${ms} ms`)); }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

class BootClock {
  readonly marks: Record<string, number> = {};
  readonly #start = performance.now();

  mark(step: string): void {
    this.marks[step] = Math.round(performance.now() - this.#start);
  }
}
