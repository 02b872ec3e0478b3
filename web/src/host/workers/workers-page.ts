// The page in which WebAssembly workers run: meets the control plane, keeps what was loaded, and gives calls to slots.
import type { CallFailure, FromWorkerHost, ToWorkerHost, WorkerHostCapabilities, WorkerHostReady, WorkerHostSettings } from '@/protocol';
import { BuildBench } from '../assemblyscript/build-bench';
import { readBundle } from './bundle';
import type { Definition } from './guest';
import { withMemoryLimit } from './memory-limit';
import { WorkerRefusal } from './refusal';
import { type Call, Slot } from './slot';

/** Calls that wait for a slot; the control plane keeps its own count, this only bounds the memory. */
const MOST_WAITING = 10_000;
const PAGE = 65_536;

export interface WorkersPageOptions {
  /** The only origin that may connect. */
  readonly controlOrigin: string;
  readonly startWorker: () => Worker;
  /** The compiler of AssemblyScript. */
  readonly startCompiler: () => Worker;
  readonly capabilities: WorkerHostCapabilities;
}

export class WorkersPage {
  #port: MessagePort | undefined;
  readonly #definitions = new Map<string, Definition>();
  readonly #waiting: Call[] = [];
  readonly #bench: BuildBench;
  #slots: Slot[] = [];

  constructor(private readonly options: WorkersPageOptions) {
    this.#bench = new BuildBench(options.startCompiler, {
      step: (id, at) => this.#say({ type: 'building', id, at }),
      built: (id, result) => this.#say({ type: 'built', id, result }, result.modules.map(({ bytes }) => bytes)),
      failed: (id, failure) => this.#say({ type: 'not-built', id, failure }),
    });
    this.#resize(1);
  }

  /** Announces the page to its parent and waits for the control plane. */
  start(): void {
    addEventListener('message', (event) => this.#meet(event));
    const ready: WorkerHostReady = { type: 'worker-host-ready', capabilities: this.options.capabilities };
    // No secret in it, and the parent's origin is not known for sure: the parent checks who speaks.
    window.parent.postMessage(ready, '*');
  }

  /** A second has gone by. */
  tick(): void {
    for (const slot of [...this.#slots]) slot.checkTime();
    this.#bench.checkTime();
    this.#say({ type: 'tick' });
  }

  #meet(event: MessageEvent<unknown>): void {
    const port = event.ports[0];
    const { data } = event;
    const isConnect = typeof data === 'object' && data !== null && 'type' in data && data.type === 'connect';
    if (event.source !== window.parent || event.origin !== this.options.controlOrigin || port === undefined || !isConnect) return;
    this.#port?.close();
    this.#port = port;
    port.onmessage = (message: MessageEvent<ToWorkerHost>) => this.#receive(message.data);
  }

  #receive(message: ToWorkerHost): void {
    switch (message.type) {
      case 'load':
        void this.#load(message);
        break;
      case 'unload':
        this.#definitions.delete(message.key);
        for (const slot of this.#slots) slot.forget(message.key);
        break;
      case 'call':
        this.#call({ id: message.call, key: message.key, function: message.function, input: message.input, timeoutMs: message.timeoutMs });
        break;
      case 'cancel':
        this.#cancel(message.call);
        break;
      case 'slots':
        this.#resize(message.count);
        break;
      case 'build':
        this.#bench.build(message.id, message.request);
        break;
      case 'cancel-build':
        this.#bench.cancel(message.id);
        break;
    }
  }

  async #load({ id, name, bytes, settings }: Extract<ToWorkerHost, { type: 'load' }>): Promise<void> {
    try {
      const bundle = await readBundle(new Uint8Array(bytes), name, this.options.capabilities.simd);
      const pages = Math.min(bundle.maxPages, settings.memoryPages ?? bundle.maxPages);
      const modules = await Promise.all(bundle.modules.map(async (one) => ({ name: one.name, module: await compiled(withMemoryLimit(one.bytes, pages)) })));
      const key = keyOf(bundle.digest, settings);
      this.#definitions.set(key, {
        name: bundle.name,
        modules,
        config: new Map(Object.entries({ ...bundle.config, ...settings.config })),
        memoryBytes: pages * PAGE,
        variableBytes: bundle.maxVarBytes,
      });
      // the same file again: nothing is left of what ran before
      for (const slot of this.#slots) slot.forget(key);
      this.#say({ type: 'loaded', id, worker: { name: bundle.name, key, digest: bundle.digest, simd: bundle.simd, timeoutMs: bundle.timeoutMs } });
    } catch (thrown) {
      const failure: CallFailure = thrown instanceof WorkerRefusal
        ? { error: thrown.error, message: thrown.message }
        : { error: 'unavailable', message: `The worker cannot be loaded in this tab: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
      this.#say({ type: 'refused', id, failure });
    }
  }

  #call(call: Call): void {
    if (!this.#definitions.has(call.key)) {
      this.#fail(call.id, { error: 'unavailable', message: 'This worker is not loaded here.' });
    } else if (this.#waiting.length >= MOST_WAITING) {
      this.#fail(call.id, { error: 'busy', message: `${MOST_WAITING} calls wait in this tab already.` });
    } else {
      this.#waiting.push(call);
      this.#next();
    }
  }

  #cancel(id: number): void {
    const at = this.#waiting.findIndex((call) => call.id === id);
    if (at >= 0) {
      this.#waiting.splice(at, 1);
      this.#fail(id, { error: 'cancelled', message: 'The call was cancelled.' });
    } else {
      this.#slots.find((slot) => slot.call === id)?.cancel();
    }
  }

  /** Gives waiting calls to free slots, best to one that has an instance already. */
  #next(): void {
    for (;;) {
      const free = this.#slots.filter((slot) => slot.isFree);
      const call = free.length > 0 ? this.#waiting.shift() : undefined;
      if (call === undefined) return;
      const definition = this.#definitions.get(call.key);
      const slot = free.find((one) => one.knows(call.key)) ?? free[0];
      if (definition === undefined || slot === undefined) {
        this.#fail(call.id, { error: 'unavailable', message: 'This worker is not loaded here any more.' });
        continue;
      }
      this.#say({ type: 'started', call: call.id });
      slot.run(call, definition);
    }
  }

  /** Slots that are too many go when they have nothing to do. */
  #resize(count: number): void {
    this.#wanted = Math.max(1, count);
    while (this.#slots.length < this.#wanted) {
      this.#slots.push(new Slot(this.options.startWorker, {
        answered: (call, output, ranMs) => this.#say({ type: 'answered', call, output, ranMs }, [output]),
        failed: (call, failure, ranMs) => this.#say({ type: 'failed', call, failure, ranMs }),
        free: () => {
          this.#shrink();
          this.#next();
        },
      }));
    }
    this.#shrink();
    this.#next();
  }

  #shrink(): void {
    for (const slot of this.#slots.filter((one) => one.isFree).slice(0, Math.max(0, this.#slots.length - this.#wanted))) {
      slot.dispose();
      this.#slots = this.#slots.filter((one) => one !== slot);
    }
  }

  #wanted = 1;

  #fail(call: number, failure: CallFailure): void {
    this.#say({ type: 'failed', call, failure, ranMs: 0 });
  }

  #say(message: FromWorkerHost, transfer: Transferable[] = []): void {
    this.#port?.postMessage(message, transfer);
  }
}

/** Two projects may give one file different settings. */
function keyOf(digest: string, settings: WorkerHostSettings): string {
  const isPlain = Object.keys(settings.config).length === 0 && settings.memoryPages === undefined;
  return isPlain ? digest : `${digest} ${JSON.stringify(settings)}`;
}

async function compiled(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (thrown) {
    throw new WorkerRefusal('unavailable', `A module of the worker cannot be compiled: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}
