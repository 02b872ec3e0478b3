import type { Event } from '@/base/emitter';
import { token } from '@/base/services';
import type { ReadableStore } from '@/base/store';
import type { BootReport, Display, EngineStatus, FromEngine, RefusedReason, RunOutcome, RunTarget, ServeTarget, Wheel } from '@/protocol';

/** What the engine is doing, as the screens show it. `blocked`: it cannot start before somebody does something. */
export type EngineState =
  | { readonly state: 'connecting' }
  | { readonly state: 'blocked'; readonly reason: 'capability' | 'other-tab' | 'unreachable'; readonly message: string; readonly help: string }
  | EngineStatus;

export type EngineOutput = Extract<FromEngine, { type: 'output' }>;
export type EngineQuestion = Extract<FromEngine, { type: 'input' }>;
export type EngineDisplay = { readonly terminal: string; readonly run: string; readonly display: Display };

/** A request that the engine did not do. */
export class EngineRefusal extends Error {
  constructor(
    readonly reason: RefusedReason,
    message: string,
    readonly help: string,
  ) {
    super(message);
  }
}

/** The engine of the open workspace. */
export interface EngineService {
  readonly state: ReadableStore<EngineState>;
  /** How the last start went. */
  readonly report: ReadableStore<BootReport | null>;
  readonly onOutput: Event<EngineOutput>;
  readonly onDisplay: Event<EngineDisplay>;
  readonly onQuestion: Event<EngineQuestion>;
  /** The engine was started anew: what the old one knew is gone. */
  readonly onRestart: Event<void>;

  /** Starts if it does not run yet; with `takeOver` also when another tab has the engine. */
  start(takeOver?: boolean): Promise<void>;
  restart(): Promise<void>;
  /** Runs after the newest files have reached the engine. One run at a time. */
  run(run: string, terminal: string, target: RunTarget): Promise<RunOutcome>;
  complete(code: string, cursor: number): Promise<{ from: number; completions: readonly { text: string; kind: string }[] }>;
  install(wheels: readonly Wheel[]): Promise<void>;
  /** Loads a web app of the workspace, from its newest files, and answers for it at `port`. */
  serve(port: number, target: ServeTarget): Promise<void>;
  unserve(port: number): Promise<void>;
  /** Gives the engine a line over which requests to the app at `port` come. */
  attach(port: number, line: MessagePort): Promise<void>;
  /** KeyboardInterrupt in the running program. */
  interrupt(): void;
  /** Ends the engine at once; the next run starts a new one. */
  hardStop(): void;
  answer(text: string | null): void;
}

export const EngineService = token<EngineService>('engine');
