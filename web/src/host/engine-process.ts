// The engine as the host page sees it: a worker that can be started, asked, interrupted and ended. It keeps the promise
// that each request is answered or refused, also when the worker dies, hangs in its start or is ended.
import type { EngineRequest, FromEngine, RefusedReason } from '@/protocol';
import { OutputDrain } from './output-drain';
import { PageSide } from './shared-memory';
import type { FromWorker, OpenApp, ToWorker, WorkerRequest } from './worker-messages';

type Start = Extract<EngineRequest, { type: 'boot' }> | OpenApp;

/** Without a sign of life for this long, a start has failed: a fatal error in WebAssembly never settles. */
const BOOT_SILENCE_MS = 60_000;

const RESTART_HELP = 'Restart the engine. Files that you saved are kept.';

export interface EngineProcessOptions {
  readonly startWorker: () => Worker;
  readonly deliver: (message: FromEngine, transfer: Transferable[]) => void;
  readonly bootSilence?: number;
}

interface OpenRequest {
  readonly request: WorkerRequest;
  readonly run: number;
}

export class EngineProcess {
  #worker: Worker | undefined;
  #memory: PageSide | undefined;
  #drain: OutputDrain | undefined;
  #terminal = '';
  #runs = 0;
  #watch: ReturnType<typeof setTimeout> | undefined;
  readonly #open = new Map<number, OpenRequest>();

  constructor(private readonly options: EngineProcessOptions) {}

  get isStarted(): boolean {
    return this.#worker !== undefined;
  }

  /** The worker gets the request; ports travel along. */
  request(id: number, request: WorkerRequest, ports: readonly MessagePort[]): void {
    if (isStart(request)) {
      if (this.isStarted) {
        this.#refuse(id, 'failed', 'The engine is started already.', 'End it first.');
        return;
      }
      this.#start();
    }
    if (this.#worker === undefined) {
      this.#refuse(id, 'not-started', 'The engine is not started.', 'Start it, then try again.');
      return;
    }
    const run = request.type === 'run' ? ++this.#runs : 0;
    this.#open.set(id, { request, run });
    // A boot is kept for a second try, so it is copied; everything else may be large and is used once.
    const transfer = request.type === 'changes' ? buffersOf(request.changes) : [];
    this.#post({ type: 'request', id, run, request }, [...ports, ...transfer]);
    if (isStart(request)) {
      this.#watchBoot(id, request);
    }
  }

  /** KeyboardInterrupt in the program that runs now; nothing when none does. */
  interrupt(): void {
    const running = [...this.#open.values()].find(({ run }) => run > 0);
    if (running !== undefined) {
      this.#memory?.interrupt(running.run);
    }
  }

  stdin(text: string | null): void {
    if (this.#memory?.offerLine(text) === false) {
      this.#output('stderr', 'The line is too long for the program: 256 KiB at most.\n');
    }
  }

  /** Ends the worker at once, whatever it does. */
  terminate(reason: 'asked' | 'taken-over'): void {
    this.#end('stopped', 'The engine was stopped.', RESTART_HELP);
    this.#deliver({ type: 'status', status: { state: 'stopped', reason } });
  }

  #start(): void {
    const memory = new PageSide();
    const worker = this.options.startWorker();
    this.#worker = worker;
    this.#memory = memory;
    this.#runs = 0;
    this.#drain = new OutputDrain(memory, (stream, text) => { this.#output(stream, text); });
    worker.onmessage = (event: MessageEvent<FromWorker>) => { this.#receive(event.data); };
    worker.onerror = (event) => { this.#fail(event.message || 'The engine’s script could not be loaded.'); };
    worker.onmessageerror = () => { this.#fail('A message of the engine could not be read.'); };
    this.#post({ type: 'start', memory: memory.buffer }, []);
  }

  #receive(message: FromWorker): void {
    if (message.type === 'output') {
      this.#drain?.ring();
      return;
    }
    this.#drain?.flushUntil(message.at);
    switch (message.type) {
      case 'terminal':
        this.#terminal = message.terminal;
        break;
      case 'answer':
        this.#settle(message.id);
        this.#deliver({ type: 'answer', id: message.id, answer: message.answer }, answerBuffers(message.answer));
        break;
      case 'refused':
        this.#settle(message.id);
        this.#refuse(message.id, message.reason, message.message, message.help);
        break;
      case 'event':
        this.#deliver(message.event, message.event.type === 'changes' ? buffersOf(message.event.changes) : []);
        break;
      case 'fatal':
        this.#fail(message.message);
        break;
    }
  }

  #settle(id: number): void {
    const open = this.#open.get(id);
    if (open !== undefined && isStart(open.request)) {
      clearTimeout(this.#watch);
    }
    this.#open.delete(id);
  }

  #watchBoot(id: number, boot: Start): void {
    const worker = this.#worker;
    const limit = this.options.bootSilence ?? BOOT_SILENCE_MS;
    const late = (): void => {
      if (boot.snapshot === 'auto') {
        this.#endWorker();
        this.#start();
        const plain: Start = { ...boot, snapshot: 'off' };
        this.#open.set(id, { request: plain, run: 0 });
        this.#post({ type: 'request', id, run: 0, request: plain }, []);
        this.#watchBoot(id, plain);
      } else {
        this.#fail(`The engine did not start: nothing was heard from it for ${Math.round(limit / 1000)} seconds.`);
      }
    };
    const rearm = (): void => {
      clearTimeout(this.#watch);
      this.#watch = setTimeout(late, limit);
    };
    worker?.addEventListener('message', () => {
      if (this.#worker === worker && this.#open.has(id)) {
        rearm();
      }
    });
    rearm();
  }

  #fail(message: string): void {
    this.#end('failed', message, RESTART_HELP);
    this.#deliver({ type: 'status', status: { state: 'failed', message, help: RESTART_HELP } });
  }

  #end(reason: RefusedReason, message: string, help: string): void {
    this.#endWorker();
    const ids = [...this.#open.keys()];
    this.#open.clear();
    for (const id of ids) {
      this.#refuse(id, reason, message, help);
    }
  }

  #endWorker(): void {
    clearTimeout(this.#watch);
    const drain = this.#drain;
    this.#drain = undefined;
    this.#worker?.terminate();
    this.#worker = undefined;
    drain?.close();
    this.#memory = undefined;
  }

  #output(stream: 'stdout' | 'stderr', text: string): void {
    this.#deliver({ type: 'output', terminal: this.#terminal, stream, text });
  }

  #refuse(id: number, reason: RefusedReason, message: string, help: string): void {
    this.#deliver({ type: 'refused', id, reason, message, help });
  }

  #deliver(message: FromEngine, transfer: Transferable[] = []): void {
    this.options.deliver(message, transfer);
  }

  #post(message: ToWorker, transfer: Transferable[]): void {
    this.#worker?.postMessage(message, transfer);
  }
}

function isStart(request: WorkerRequest): request is Start {
  return request.type === 'boot' || request.type === 'open-app';
}

function buffersOf(changes: readonly { readonly bytes?: Uint8Array }[] | readonly object[]): Transferable[] {
  const buffers = new Set<ArrayBuffer>();
  for (const change of changes) {
    if ('bytes' in change && change.bytes instanceof Uint8Array && change.bytes.buffer instanceof ArrayBuffer) {
      buffers.add(change.bytes.buffer);
    }
  }
  return [...buffers];
}

function answerBuffers(answer: unknown): Transferable[] {
  return typeof answer === 'object' && answer !== null ? buffersOf([answer]) : [];
}
