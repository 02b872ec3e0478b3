// Building a worker from AssemblyScript in the page for WebAssembly workers: what goes there, and what comes back.

/** A module to be made. Paths are relative to the worker's folder. */
export interface BuildModule {
  /** Where it goes in the bundle. */
  readonly path: string;
  /** The file that the compiler begins with. */
  readonly entry: string;
  /** Whether it may use vectors. */
  readonly simd: boolean;
  /** A single file, which has no options of its own: it traps where AssemblyScript would call `abort`. */
  readonly isAlone: boolean;
}

export interface BuiltModule {
  readonly path: string;
  readonly bytes: ArrayBuffer;
}

/** What a compiler says of a place in the sources; lines and columns from 1. */
export interface SourceProblem {
  readonly severity: 'error' | 'warning' | 'info';
  /** Relative to the worker's folder; null where it is not the worker's own file. */
  readonly path: string | null;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly code: string;
  readonly message: string;
}

/** No worker, and why. */
export interface BuildFailure {
  readonly error: 'failed' | 'too_large' | 'timed_out' | 'cancelled' | 'busy' | 'unavailable';
  readonly message: string;
  readonly problems: readonly SourceProblem[];
  /** What the compiler wrote, shortened. */
  readonly said: string;
}

/** How far a build is. */
export type BuildStep = { readonly step: 'loading' } | { readonly step: 'compiling'; readonly path: string; readonly number: number; readonly of: number };

export interface BuildRequest {
  /** The texts by their paths. */
  readonly sources: ReadonlyMap<string, string>;
  readonly modules: readonly BuildModule[];
}

export interface BuildResult {
  readonly modules: readonly BuiltModule[];
  /** Warnings and hints. */
  readonly problems: readonly SourceProblem[];
}
