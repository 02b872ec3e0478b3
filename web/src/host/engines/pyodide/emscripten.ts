/**
 * The parts of Pyodide's Emscripten module that the loader touches. None of this is public interface: it is written
 * down for Pyodide 314.0.7 and every use fails into a plain boot when another build differs.
 */
export interface FileSystem {
  mkdirTree(path: string): void;
  writeFile(path: string, data: Uint8Array, options?: { canOwn?: boolean }): void;
  chdir(path: string): void;
  lookupPath(path: string): { readonly node: FileNode };
  readonly ErrnoError: new (errno: number) => Error;
}

/** A file or folder of the in-memory file system. */
export interface FileNode {
  contents: unknown;
  usedBytes: number;
  readonly node_ops: {
    /** Makes a file in this folder, which must not have one of that name. */
    mknod(folder: FileNode, name: string, mode: number, device: number): FileNode;
  };
}

export interface LinkedLibrary {
  readonly name: string;
}

export interface InterpreterApi {
  readonly config: { readonly BUILD_ID: string };
  restoreSnapshot: (snapshot: Uint8Array) => unknown;
  on_fatal?: (error: unknown) => void;
}

export interface EmscriptenModule {
  readonly API: InterpreterApi;
  readonly FS: FileSystem;
  /** Views of the memory; replaced by new ones whenever the memory grows. */
  readonly HEAPU8: Uint8Array;
  readonly HEAP32: Int32Array;
  readonly HEAPU32: Uint32Array;
  readonly wasmTable: WebAssembly.Table;
  onRuntimeInitialized?: () => void;
  /** Grows the memory to at least `bytes`; answers 1 when that worked. */
  growMemory(bytes: number): number | undefined;
  loadWebAssemblyModule(
    module: WebAssembly.Module,
    flags: LinkFlags,
    path: string,
    scope: object,
  ): WebAssembly.Exports;
  loadDynamicLibrary(path: string, flags: LinkFlags): boolean;
  /** Libraries that are linked already by path; `loadDynamicLibrary` takes them from here. */
  readonly preloadedWasm: Record<string, WebAssembly.Exports>;
  readonly LDSO: {
    readonly loadedLibsByName: Record<string, LinkedLibrary>;
    readonly loadedLibsByHandle: Record<number, LinkedLibrary>;
  };
  /** Address of CPython's global state, and the address of a number: where in it the call trampoline's index is. */
  readonly __PyRuntime: number;
  readonly __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: number;
  /** libc's time zone. */
  readonly _timezone: number;
  readonly _daylight: number;
  readonly ___tzname: number;
  __tzset_js(timezone: number, daylight: number, standardName: number, daylightName: number): void;
}

export interface LinkFlags {
  readonly global: boolean;
  readonly nodelete: boolean;
  readonly loadAsync: false;
}

export type CreateModule = (settings: EmscriptenModule) => Promise<EmscriptenModule>;
