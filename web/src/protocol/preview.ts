// Requests of a web app's pages, from the service worker of the app's or preview's origin to the engine's worker.

/** Said once by the engine when it has a new line; before it, nothing is sent. */
export interface AppReady {
  readonly type: 'ready';
}

/** One HTTP request; the body is whole. */
export interface AppRequest {
  readonly type: 'fetch';
  readonly id: number;
  /** The same when a request is sent again: the engine answers it once. */
  readonly key: string;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ArrayBuffer | null;
}

/** The engine has the request; without it within 0.7 s the port is dead and the request may be sent again. */
export interface AppAck {
  readonly type: 'ack';
  readonly id: number;
}

/** The answer; `body` is bytes or a transferred stream. */
export interface AppResponse {
  readonly type: 'head';
  readonly id: number;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ArrayBuffer | ReadableStream<Uint8Array> | null;
}

/** The page does not want the answer to this request any more. */
export interface AppAbort {
  readonly type: 'abort';
  readonly id: number;
}

/** What the service worker says to the pages of its origin. */
export type FromServiceWorker =
  /** Who can reach the engine sends `engine-line`, or `engine-coming` while it starts. */
  | { readonly type: 'engine-wanted' }
  /** So many answers are on their way: the page says `ping` now and then, so that the browser lets the worker live. */
  | { readonly type: 'streaming'; readonly count: number };

/** What a page that can reach the engine says to the service worker. */
export type ToServiceWorker =
  /** With one transferred port, which is attached to the engine. */
  | { readonly type: 'engine-line' }
  | { readonly type: 'engine-coming' }
  /** The engine is gone: the line that the worker has is dead. */
  | { readonly type: 'engine-gone' }
  | { readonly type: 'ping' };

/** `/__cloche/deployment.json` of an app with placement `browser`. */
export interface DeploymentManifest {
  readonly name: string;
  readonly deployment: string;
  readonly kind: 'wsgi' | 'asgi';
  readonly entry: string;
  readonly archive: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly wheels: readonly { readonly name: string; readonly version: string; readonly file: string; readonly sha256: string; readonly size: number; readonly url: string }[];
  readonly engine: { readonly pyodide: string; readonly python: string };
}

export type ConsoleLevel = 'debug' | 'log' | 'info' | 'warn' | 'error';

/** One call of the console in a preview's page, or an error that nobody caught. */
export interface ConsoleLine {
  readonly level: ConsoleLevel;
  readonly text: string;
}

/** From a preview's page to the window of the IDE; `leftOut` counts lines that were too many. */
export interface PreviewConsole {
  readonly type: 'preview-console';
  readonly lines: readonly ConsoleLine[];
  readonly leftOut: number;
}

/** What one message brings at most; the page keeps to it, the IDE insists on it. */
export const CONSOLE_LIMITS = { lines: 200, characters: 4000 } as const;
