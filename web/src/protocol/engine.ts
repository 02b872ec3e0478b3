// The language between the control plane (IDE) and an engine in the engine host. One MessagePort per connection;
// requests carry an id and get exactly one answer; everything else is an event. Bytes travel as transferred buffers.
import type { components } from './api.gen';

/** A wheel to load, as the workspace's lock names it; fetched from `/__cloche/wheels/SHA256/FILE` of the own origin. */
export type Wheel = components['schemas']['Wheel'];

/** A file as it crosses the port. Paths are relative to the workspace's root, with `/` between names. */
export interface FileContent {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** One change of the file tree. `origin` says who made it, so that nobody hears his own echo. */
export type FileChange =
  | { readonly kind: 'write'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'move'; readonly path: string; readonly to: string };

/** What the engine is doing. */
export type EngineStatus =
  | { readonly state: 'booting'; readonly phase: BootPhase; readonly done: number; readonly total: number }
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly run: string }
  /** `taken-over`: another tab of this workspace started its engine and asked this one to stop. */
  | { readonly state: 'stopped'; readonly reason: 'asked' | 'not-started' | 'taken-over' }
  | { readonly state: 'failed'; readonly message: string; readonly help: string };

/** Steps of a start, in order; `done` and `total` are bytes for the loading steps, else 0. */
export type BootPhase = 'engine' | 'snapshot' | 'packages' | 'files' | 'ready';

/** How a start went; times in milliseconds from the request. */
export interface BootReport {
  readonly boot: 'snapshot' | 'plain';
  readonly snapshot: string | null;
  /** Why no snapshot was used, if none was. */
  readonly reason: string | null;
  readonly python: string;
  readonly pyodide: string;
  readonly milliseconds: number;
  readonly heapBytes: number;
}

/** What to run. A run belongs to a terminal: its output and its questions go there. */
export type RunTarget =
  | { readonly kind: 'file'; readonly path: string; readonly args: readonly string[] }
  | { readonly kind: 'code'; readonly code: string; readonly name: string }
  | { readonly kind: 'repl'; readonly code: string };

/** How a run ended. `incomplete` only for the REPL: the statement wants more lines. */
export type RunOutcome =
  | { readonly outcome: 'ok'; readonly milliseconds: number }
  | { readonly outcome: 'incomplete' }
  | { readonly outcome: 'exit'; readonly code: number; readonly milliseconds: number }
  | { readonly outcome: 'interrupted'; readonly milliseconds: number }
  | { readonly outcome: 'error'; readonly error: PythonError; readonly milliseconds: number };

/** An exception that ended a run. The engine does not print it: the IDE shows the traceback after the output. */
export interface PythonError {
  readonly type: string;
  readonly message: string;
  /** The traceback as Python prints it, without the engine's own frames. */
  readonly traceback: string;
  /** Where in the workspace it happened: the innermost frame of a workspace file. */
  readonly place: { readonly path: string; readonly line: number; /** From 1. */ readonly column: number | null } | null;
  /** For ModuleNotFoundError: the top-level name, so that the IDE can offer the package. */
  readonly missingModule: string | null;
}

/** A completion at a position, for the REPL. */
export interface Completion {
  readonly text: string;
  readonly kind: string;
}

/** A web app inside the engine. */
export interface ServeTarget {
  readonly kind: 'wsgi' | 'asgi';
  /** MODULE:OBJECT, as `app:app`. */
  readonly entry: string;
}

/** Requests of the IDE; each is answered by `answer` with the same id, or by `refused`. */
export type EngineRequest =
  | {
      readonly type: 'boot';
      readonly engine: 'pyodide';
      readonly environment: Readonly<Record<string, string>>;
      readonly wheels: readonly Wheel[];
      readonly files: readonly FileContent[];
      readonly folders: readonly string[];
      readonly snapshot: 'auto' | 'off';
      /** Stop the engine that another tab of this workspace runs; without it such a boot is refused as `other-tab`. */
      readonly takeOver?: boolean;
    }
  | { readonly type: 'run'; readonly run: string; readonly terminal: string; readonly target: RunTarget }
  | { readonly type: 'complete'; readonly code: string; readonly cursor: number }
  | { readonly type: 'changes'; readonly changes: readonly FileChange[] }
  | { readonly type: 'install'; readonly wheels: readonly Wheel[] }
  /** Reads what the engine sees, for example a file that is too large to be synced. */
  | { readonly type: 'read'; readonly path: string }
  | { readonly type: 'serve'; readonly port: number; readonly target: ServeTarget; /** Where the app's output goes. */ readonly terminal?: string }
  | { readonly type: 'unserve'; readonly port: number }
  /** Sent with one transferred MessagePort: requests of the app at `port` travel through it; see preview.ts. */
  | { readonly type: 'attach'; readonly port: number };

/** The answer to each request, by its type. */
export interface EngineAnswers {
  boot: BootReport;
  run: RunOutcome;
  complete: { readonly from: number; readonly completions: readonly Completion[] };
  changes: null;
  install: { readonly milliseconds: number };
  read: { readonly bytes: Uint8Array };
  serve: null;
  unserve: null;
  attach: null;
}

/** From the IDE to the engine host. */
export type ToEngine =
  | { readonly type: 'request'; readonly id: number; readonly request: EngineRequest }
  /** Ctrl-C: KeyboardInterrupt in the running program. Handled by the host page, never queued behind the program. */
  | { readonly type: 'interrupt' }
  /** A line for a program that waits in input(); `null` is end of file. */
  | { readonly type: 'stdin'; readonly text: string | null }
  /** Ends the engine's worker at once, whatever it does. All open requests are refused. */
  | { readonly type: 'terminate' };

/** Why a request was refused: the browser lacks something, another tab has the engine, it ended, it could not do it. */
export type RefusedReason = 'capability' | 'other-tab' | 'not-started' | 'stopped' | 'failed';

/** From the engine host to the IDE. */
export type FromEngine =
  | { readonly type: 'answer'; readonly id: number; readonly answer: EngineAnswers[keyof EngineAnswers] }
  | { readonly type: 'refused'; readonly id: number; readonly reason: RefusedReason; readonly message: string; readonly help: string }
  | { readonly type: 'status'; readonly status: EngineStatus }
  | { readonly type: 'output'; readonly terminal: string; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly type: 'display'; readonly terminal: string; readonly run: string; readonly display: Display }
  /** The program waits for a line; answer with `stdin`. The prompt is not in the output: the IDE shows it. */
  | { readonly type: 'input'; readonly terminal: string; readonly prompt: string; readonly password: boolean }
  /** Files that programs wrote. */
  | { readonly type: 'changes'; readonly changes: readonly FileChange[] }
  | { readonly type: 'progress'; readonly phase: BootPhase; readonly what: string; readonly done: number; readonly total: number };

/** Something to show that is no text: a plot, a table. */
export type Display =
  | { readonly mime: 'image/png'; readonly bytes: Uint8Array; readonly width: number; readonly height: number; readonly title: string }
  | { readonly mime: 'image/svg+xml'; readonly text: string; readonly title: string }
  | { readonly mime: 'text/html'; readonly text: string; readonly title: string };
