// What the host page and the engine's worker say to each other, besides the shared memory.
import type { DeploymentManifest, EngineAnswers, EngineRequest, EngineStatus, FromEngine, RefusedReason } from '@/protocol';

/** Starts a published app. */
export interface OpenApp {
  readonly type: 'open-app';
  readonly manifest: DeploymentManifest;
  readonly snapshot: 'auto' | 'off';
}

export type WorkerRequest = EngineRequest | OpenApp;

export type ToWorker =
  | { readonly type: 'start'; readonly memory: SharedArrayBuffer }
  /** `run` numbers the runs from 1 in the order in which they were asked for; 0 for other requests. */
  | { readonly type: 'request'; readonly id: number; readonly run: number; readonly request: WorkerRequest };

/** `at`: where the output ended when the worker said it. */
export type FromWorker =
  | { readonly type: 'output' }
  | { readonly type: 'terminal'; readonly at: number; readonly terminal: string }
  | { readonly type: 'answer'; readonly at: number; readonly id: number; readonly answer: EngineAnswers[keyof EngineAnswers] }
  | { readonly type: 'refused'; readonly at: number; readonly id: number; readonly reason: RefusedReason; readonly message: string; readonly help: string }
  | { readonly type: 'event'; readonly at: number; readonly event: WorkerEvent }
  /** The interpreter died; the worker is of no use any more. */
  | { readonly type: 'fatal'; readonly at: number; readonly message: string };

/** Events that pass through the page as they are. */
export type WorkerEvent =
  | Extract<FromEngine, { type: 'display' | 'input' | 'changes' | 'progress' }>
  | { readonly type: 'status'; readonly status: EngineStatus };

/** A message of the worker before it is stamped with its place in the output. */
export type Parcel = FromWorker extends infer M ? (M extends { at: number } ? Omit<M, 'at'> : never) : never;
