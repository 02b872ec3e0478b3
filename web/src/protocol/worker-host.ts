// What the control plane's page and the page for WebAssembly workers say to each other. That page lives on an origin of
// its own, `workers.host…`, in a hidden frame: it says `worker-host-ready` to its parent (it carries no secret); the
// control plane checks source and origin and answers with `connect` and one port to exactly that origin.

import type { BuildFailure, BuildRequest, BuildResult, BuildStep } from './worker-build';

/** Why a call has no answer; the server's nodes use the same words. */
export type WorkerFailure = 'unknown_function' | 'bad_input' | 'failed' | 'trapped' | 'timed_out' | 'out_of_memory' | 'busy' | 'cancelled' | 'unavailable';

/** What the browser gave the page. */
export interface WorkerHostCapabilities {
  readonly crossOriginIsolated: boolean;
  readonly simd: boolean;
  /** How many calls this machine can run at the same time. */
  readonly processors: number;
}

export interface WorkerHostReady {
  readonly type: 'worker-host-ready';
  readonly capabilities: WorkerHostCapabilities;
}

/** No answer, and why. `field` and `rule` are there when the worker says what is wrong with the input. */
export interface CallFailure {
  readonly error: WorkerFailure;
  readonly message: string;
  readonly field?: string;
  readonly rule?: string;
}

/** What a project gives its worker beyond its file; values go before those of the file. */
export interface WorkerHostSettings {
  readonly config: Readonly<Record<string, string>>;
  /** At most so many pages of 64 KiB. */
  readonly memoryPages?: number;
}

export type ToWorkerHost =
  /** The bytes of a worker, a module or a zip; transferred. Answered by `loaded` or `refused`. */
  | { readonly type: 'load'; readonly id: number; readonly name: string; readonly bytes: ArrayBuffer; readonly settings: WorkerHostSettings }
  /** Frees what was loaded under this key. */
  | { readonly type: 'unload'; readonly key: string }
  /** The input is transferred. Answered by `answered` or `failed`, once. */
  | { readonly type: 'call'; readonly call: number; readonly key: string; readonly function: string; readonly input: ArrayBuffer; readonly timeoutMs: number }
  | { readonly type: 'cancel'; readonly call: number }
  /** How many calls run at the same time; each has a Web Worker of its own. */
  | { readonly type: 'slots'; readonly count: number }
  /** Compiles AssemblyScript. Answered by `built` or `not-built`, once. */
  | { readonly type: 'build'; readonly id: number; readonly request: BuildRequest }
  | { readonly type: 'cancel-build'; readonly id: number };

export type FromWorkerHost =
  | { readonly type: 'loaded'; readonly id: number; readonly worker: LoadedWorker }
  | { readonly type: 'refused'; readonly id: number; readonly failure: CallFailure }
  /** The call has left the queue; for those who draw what runs. */
  | { readonly type: 'started'; readonly call: number }
  | { readonly type: 'answered'; readonly call: number; readonly output: ArrayBuffer; readonly ranMs: number }
  | { readonly type: 'failed'; readonly call: number; readonly failure: CallFailure; readonly ranMs: number }
  /** A build goes on: the compiler has been loaded, or begins with a module. */
  | { readonly type: 'building'; readonly id: number; readonly at: BuildStep }
  | { readonly type: 'built'; readonly id: number; readonly result: BuildResult }
  | { readonly type: 'not-built'; readonly id: number; readonly failure: BuildFailure }
  /** Every second, also while the page is hidden: what waits for time must not use the page's own timers then. */
  | { readonly type: 'tick' };

/** A worker that is ready to be called. */
export interface LoadedWorker {
  readonly name: string;
  /** What calls name it by: the same file with other settings is another one. */
  readonly key: string;
  /** SHA-256, computed here from the bytes that run. */
  readonly digest: string;
  /** Whether the build with vectors was taken. */
  readonly simd: boolean;
  readonly timeoutMs: number;
}
