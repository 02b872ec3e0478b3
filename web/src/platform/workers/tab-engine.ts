import { deferred, type Deferred } from '@/base/async';
import type { Disposable } from '@/base/disposable';
import { Emitter } from '@/base/emitter';
import { openHiddenFrame, type Line } from '@/platform/hidden-frame';
import type { BuildRequest, BuildResult, BuildStep, CallFailure, FromWorkerHost, LoadedWorker, ToWorkerHost, WorkerHostCapabilities, WorkerHostReady, WorkerHostSettings } from '@/protocol';
import { BuildRefusal } from './building/build-refusal';

/** A call, or a worker, that this tab refused, or that failed here. */
export class TabCallFailure extends Error {
  constructor(readonly failure: CallFailure, readonly ranMs: number) {
    super(failure.message);
  }
}

export interface TabAnswer {
  readonly output: ArrayBuffer;
  /** How long the worker itself ran. */
  readonly ranMs: number;
}

export interface TabCall {
  /** Of what was loaded. */
  readonly key: string;
  readonly function: string;
  /** Is given away: it is empty afterwards. */
  readonly input: ArrayBuffer;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** A slot has taken it. */
  readonly onStarted?: () => void;
}

export const noSettings: WorkerHostSettings = { config: {} };

/** Runs WebAssembly workers in this tab, on the origin that is made for them. */
export class TabEngine implements Disposable {
  private readonly loading = new Map<number, Deferred<LoadedWorker>>();
  private readonly calls = new Map<number, { readonly answer: Deferred<TabAnswer>; readonly onStarted: (() => void) | undefined }>();
  private readonly builds = new Map<number, { readonly result: Deferred<BuildResult>; readonly onStep: (step: BuildStep) => void }>();
  private readonly ticks = new Emitter<void>();
  private lastId = 0;
  /** About once a second, also while the page is hidden. */
  readonly onTick = this.ticks.event;

  constructor(
    readonly capabilities: WorkerHostCapabilities,
    private readonly line: Line<ToWorkerHost, FromWorkerHost>,
  ) {
    line.onMessage((message) => this.receive(message));
  }

  /** How many calls run at the same time. */
  setSlots(count: number): void {
    this.line.send({ type: 'slots', count });
  }

  /** Compiles a worker; the bytes are given away. Throws {@link TabCallFailure} if it cannot run here. */
  load(name: string, bytes: ArrayBuffer, settings: WorkerHostSettings = noSettings): Promise<LoadedWorker> {
    const id = ++this.lastId;
    const loaded = deferred<LoadedWorker>();
    this.loading.set(id, loaded);
    this.line.send({ type: 'load', id, name, bytes, settings }, [bytes]);
    return loaded.promise;
  }

  /** Calls a function; throws {@link TabCallFailure}. */
  call({ key, function: name, input, timeoutMs, signal, onStarted }: TabCall): Promise<TabAnswer> {
    const call = ++this.lastId;
    const answer = deferred<TabAnswer>();
    this.calls.set(call, { answer, onStarted });
    const cancel = () => this.line.send({ type: 'cancel', call });
    signal?.addEventListener('abort', cancel, { once: true });
    this.line.send({ type: 'call', call, key, function: name, input, timeoutMs }, [input]);
    if (signal?.aborted === true) cancel();
    return answer.promise.finally(() => signal?.removeEventListener('abort', cancel));
  }

  /** Compiles AssemblyScript; throws {@link BuildRefusal}. */
  build(request: BuildRequest, { signal, onStep }: { readonly signal: AbortSignal; readonly onStep: (step: BuildStep) => void }): Promise<BuildResult> {
    const id = ++this.lastId;
    const result = deferred<BuildResult>();
    this.builds.set(id, { result, onStep });
    const cancel = () => this.line.send({ type: 'cancel-build', id }, []);
    signal.addEventListener('abort', cancel, { once: true });
    this.line.send({ type: 'build', id, request }, []);
    if (signal.aborted) cancel();
    return result.promise.finally(() => signal.removeEventListener('abort', cancel));
  }

  dispose(): void {
    this.line.dispose();
    const gone = new TabCallFailure({ error: 'cancelled', message: 'Workers in this tab were ended.' }, 0);
    for (const { answer } of this.calls.values()) answer.reject(gone);
    for (const loaded of this.loading.values()) loaded.reject(gone);
    for (const { result } of this.builds.values()) result.reject(new BuildRefusal(gone.message));
    this.calls.clear();
    this.loading.clear();
    this.builds.clear();
  }

  private receive(message: FromWorkerHost): void {
    switch (message.type) {
      case 'loaded':
        this.loading.get(message.id)?.resolve(message.worker);
        this.loading.delete(message.id);
        break;
      case 'refused':
        this.loading.get(message.id)?.reject(new TabCallFailure(message.failure, 0));
        this.loading.delete(message.id);
        break;
      case 'started':
        this.calls.get(message.call)?.onStarted?.();
        break;
      case 'answered':
        this.calls.get(message.call)?.answer.resolve({ output: message.output, ranMs: message.ranMs });
        this.calls.delete(message.call);
        break;
      case 'failed':
        this.calls.get(message.call)?.answer.reject(new TabCallFailure(message.failure, message.ranMs));
        this.calls.delete(message.call);
        break;
      case 'building':
        this.builds.get(message.id)?.onStep(message.at);
        break;
      case 'built':
        this.builds.get(message.id)?.result.resolve(message.result);
        this.builds.delete(message.id);
        break;
      case 'not-built':
        this.builds.get(message.id)?.result.reject(new BuildRefusal(message.failure.message, message.failure.problems, message.failure.said));
        this.builds.delete(message.id);
        break;
      case 'tick':
        this.ticks.emit();
        break;
    }
  }
}

/** Loads the page for workers in a hidden frame on its own origin and connects to it. */
export async function openTabEngine(origin: string): Promise<TabEngine> {
  const { greeting, line } = await openHiddenFrame<WorkerHostReady, ToWorkerHost, FromWorkerHost>({
    title: 'Workers',
    address: `${origin}/`,
    isGreeting: isReady,
    connect: { type: 'connect' },
    silence: `The page for workers at ${origin} does not answer.`,
  });
  return new TabEngine(greeting.capabilities, line);
}

function isReady(data: unknown): data is WorkerHostReady {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'worker-host-ready' && 'capabilities' in data;
}
