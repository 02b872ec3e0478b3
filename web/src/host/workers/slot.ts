import type { CallFailure } from '@/protocol';
import type { Definition } from './guest';
import type { FromSlot, ToSlot } from './slot-messages';

/** One call as the page keeps it. */
export interface Call {
  readonly id: number;
  /** Of what was loaded. */
  readonly key: string;
  readonly function: string;
  readonly input: ArrayBuffer;
  readonly timeoutMs: number;
}

export interface SlotEvents {
  readonly answered: (call: number, output: ArrayBuffer, ranMs: number) => void;
  readonly failed: (call: number, failure: CallFailure, ranMs: number) => void;
  /** It can take the next call. */
  readonly free: (slot: Slot) => void;
}

/** A place where one call runs at a time, in a Web Worker that is ended when the call has to be. */
export class Slot {
  #worker: Worker | undefined;
  #known = new Set<string>();
  #current: { readonly call: Call; readonly since: number; readonly timer: ReturnType<typeof setTimeout> } | undefined;

  constructor(private readonly startWorker: () => Worker, private readonly events: SlotEvents) {}

  get isFree(): boolean {
    return this.#current === undefined;
  }

  get call(): number | undefined {
    return this.#current?.call.id;
  }

  /** Whether an instance of this worker may be there already. */
  knows(key: string): boolean {
    return this.#known.has(key);
  }

  run(call: Call, definition: Definition): void {
    this.#worker ??= this.#start();
    if (!this.#known.has(call.key)) {
      this.#known.add(call.key);
      this.#send({ type: 'define', key: call.key, definition });
    }
    const timer = setTimeout(() => this.checkTime(), call.timeoutMs + 1);
    this.#current = { call, since: performance.now(), timer };
    this.#send({ type: 'run', call: call.id, key: call.key, function: call.function, input: call.input }, [call.input]);
  }

  forget(key: string): void {
    if (this.#known.delete(key)) this.#send({ type: 'forget', key });
  }

  /** Ends the call if its time is over; timers of hidden pages come late, so this is asked for by others, too. */
  checkTime(): void {
    const current = this.#current;
    if (current === undefined || performance.now() - current.since < current.call.timeoutMs) return;
    this.#end({ error: 'timed_out', message: `timeout: it ran longer than ${current.call.timeoutMs} ms` });
  }

  cancel(): void {
    this.#end({ error: 'cancelled', message: 'The call was cancelled.' });
  }

  dispose(): void {
    this.#stop();
    clearTimeout(this.#current?.timer);
    this.#current = undefined;
  }

  #end(failure: CallFailure): void {
    if (this.#current === undefined) return;
    this.#stop();
    this.#finish((call, since) => this.events.failed(call, failure, performance.now() - since));
  }

  #finish(tell: (call: number, since: number) => void): void {
    const current = this.#current;
    if (current === undefined) return;
    clearTimeout(current.timer);
    this.#current = undefined;
    tell(current.call.id, current.since);
    this.events.free(this);
  }

  #start(): Worker {
    const worker = this.startWorker();
    worker.onmessage = ({ data }: MessageEvent<FromSlot>) => {
      if (data.call !== this.#current?.call.id) return;
      this.#finish(() => {
        if (data.type === 'answered') this.events.answered(data.call, data.output, data.ranMs);
        else this.events.failed(data.call, data.failure, data.ranMs);
      });
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end({ error: 'trapped', message: `The browser ended the worker: ${event.message || 'it may need too much memory'}.` });
    };
    return worker;
  }

  #stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#known = new Set();
  }

  #send(message: ToSlot, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }
}
