import { deferred, type Deferred } from '@/base/async';
import type { Disposable } from '@/base/disposable';
import { Emitter } from '@/base/emitter';
import type { CallFailure, FromWorkerHost, LoadedWorker, ToWorkerHost, WorkerHostCapabilities, WorkerHostReady } from '@/protocol';

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
  readonly digest: string;
  readonly function: string;
  /** Is given away: it is empty afterwards. */
  readonly input: ArrayBuffer;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** A slot has taken it. */
  readonly onStarted?: () => void;
}

/** A way to and from the page for workers. */
export interface WorkerHostChannel extends Disposable {
  readonly capabilities: WorkerHostCapabilities;
  send(message: ToWorkerHost, transfer: Transferable[]): void;
  onMessage(listener: (message: FromWorkerHost) => void): void;
}

/** Runs WebAssembly workers in this tab, on the origin that is made for them. */
export class TabEngine implements Disposable {
  private readonly loading = new Map<number, Deferred<LoadedWorker>>();
  private readonly calls = new Map<number, { readonly answer: Deferred<TabAnswer>; readonly onStarted: (() => void) | undefined }>();
  private readonly ticks = new Emitter<void>();
  private lastId = 0;
  /** About once a second, also while the page is hidden. */
  readonly onTick = this.ticks.event;

  constructor(private readonly channel: WorkerHostChannel) {
    channel.onMessage((message) => this.receive(message));
  }

  get capabilities(): WorkerHostCapabilities {
    return this.channel.capabilities;
  }

  /** How many calls run at the same time. */
  setSlots(count: number): void {
    this.channel.send({ type: 'slots', count }, []);
  }

  /** Compiles a worker; the bytes are given away. Throws {@link TabCallFailure} if it cannot run here. */
  load(name: string, bytes: ArrayBuffer): Promise<LoadedWorker> {
    const id = ++this.lastId;
    const loaded = deferred<LoadedWorker>();
    this.loading.set(id, loaded);
    this.channel.send({ type: 'load', id, name, bytes }, [bytes]);
    return loaded.promise;
  }

  /** Calls a function; throws {@link TabCallFailure}. */
  call({ digest, function: name, input, timeoutMs, signal, onStarted }: TabCall): Promise<TabAnswer> {
    const call = ++this.lastId;
    const answer = deferred<TabAnswer>();
    this.calls.set(call, { answer, onStarted });
    const cancel = () => this.channel.send({ type: 'cancel', call }, []);
    signal?.addEventListener('abort', cancel, { once: true });
    this.channel.send({ type: 'call', call, digest, function: name, input, timeoutMs }, [input]);
    if (signal?.aborted === true) cancel();
    return answer.promise.finally(() => signal?.removeEventListener('abort', cancel));
  }

  dispose(): void {
    this.channel.dispose();
    const gone = new TabCallFailure({ error: 'cancelled', message: 'Workers in this tab were ended.' }, 0);
    for (const { answer } of this.calls.values()) answer.reject(gone);
    for (const loaded of this.loading.values()) loaded.reject(gone);
    this.calls.clear();
    this.loading.clear();
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
      case 'tick':
        this.ticks.emit();
        break;
    }
  }
}

/** The page is small, but a busy machine may take its time to start a process for it. */
const patience = 60_000;

/** Loads the page for workers in a hidden frame on its own origin and connects to it. */
export function openTabEngine(origin: string): Promise<TabEngine> {
  return new Promise((resolve, reject) => {
    const frame = document.createElement('iframe');
    frame.title = 'Workers';
    frame.hidden = true;
    frame.tabIndex = -1;
    frame.setAttribute('aria-hidden', 'true');
    frame.allow = 'cross-origin-isolated';
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
    const timer = setTimeout(() => {
      finish();
      frame.remove();
      reject(new Error(`The page for workers at ${origin} does not answer.`));
    }, patience);
    const listen = (event: MessageEvent<unknown>) => {
      if (event.source !== frame.contentWindow || event.origin !== origin || !isReady(event.data)) return;
      finish();
      const { port1, port2 } = new MessageChannel();
      frame.contentWindow?.postMessage({ type: 'connect' }, origin, [port2]);
      resolve(new TabEngine(channelOf(port1, frame, event.data.capabilities)));
    };
    const finish = () => {
      clearTimeout(timer);
      window.removeEventListener('message', listen);
    };
    window.addEventListener('message', listen);
    frame.src = `${origin}/`;
    document.body.append(frame);
  });
}

function channelOf(port: MessagePort, frame: HTMLIFrameElement, capabilities: WorkerHostCapabilities): WorkerHostChannel {
  return {
    capabilities,
    send: (message, transfer) => port.postMessage(message, transfer),
    onMessage(listener) {
      port.onmessage = (event: MessageEvent<FromWorkerHost>) => listener(event.data);
    },
    dispose() {
      port.close();
      frame.remove();
    },
  };
}

function isReady(data: unknown): data is WorkerHostReady {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'worker-host-ready' && 'capabilities' in data;
}
