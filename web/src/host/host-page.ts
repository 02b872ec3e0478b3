// The engine host page: meets the IDE, and speaks for the engine over the port that the IDE gave it.
import type { EngineRequest, FromEngine, HostCapabilities, HostReady, ToEngine } from '@/protocol';
import { EngineLock } from './engine-lock';
import { EngineProcess } from './engine-process';

const NO_SHARED_MEMORY_HELP =
  'The browser gives shared memory only to isolated pages. Use a current Chrome, Edge or Firefox, open Cloche under its '
  + 'own address (https, or the localhost name that it printed), and do not embed it in another page.';

export interface HostPageOptions {
  /** The only origin that may connect. */
  readonly controlOrigin: string;
  readonly startWorker: () => Worker;
}

export class HostPage {
  readonly #lock = new EngineLock(() => { this.#engine.terminate('taken-over'); });
  readonly #engine: EngineProcess;
  #port: MessagePort | undefined;
  /** Requests go to the engine in the order of their arrival, also while a boot waits for the lock. */
  #order: Promise<void> = Promise.resolve();

  constructor(private readonly options: HostPageOptions) {
    this.#engine = new EngineProcess({
      startWorker: options.startWorker,
      deliver: (message, transfer) => { this.#deliver(message, transfer); },
    });
  }

  /** Announces the page to its parent and waits for the IDE. */
  async start(): Promise<void> {
    addEventListener('message', (event) => { this.#meet(event); });
    const capabilities = await this.#capabilities();
    const ready: HostReady = { type: 'host-ready', capabilities };
    // No secret in it, and the parent's origin is not known for sure: the parent checks who speaks.
    window.parent.postMessage(ready, '*');
  }

  async #capabilities(): Promise<HostCapabilities> {
    return {
      crossOriginIsolated: globalThis.crossOriginIsolated,
      sharedArrayBuffer: hasSharedMemory(),
      serviceWorker: (navigator as Partial<Navigator>).serviceWorker !== undefined,
      engineLock: await this.#lock.tryAcquire(),
    };
  }

  #meet(event: MessageEvent<unknown>): void {
    const port = event.ports[0];
    const fromIde = event.source === window.parent && event.origin === this.options.controlOrigin;
    if (!fromIde || port === undefined || !isMessage(event.data, 'connect')) {
      return;
    }
    // The IDE may have been reloaded inside its frame: the newest connection counts.
    this.#port?.close();
    this.#port = port;
    port.onmessage = (message: MessageEvent<ToEngine>) => { this.#receive(message.data, message.ports); };
    this.#deliver({ type: 'status', status: { state: 'stopped', reason: 'not-started' } }, []);
  }

  #receive(message: ToEngine, ports: readonly MessagePort[]): void {
    switch (message.type) {
      case 'request':
        this.#order = this.#order.then(async () => {
          if (message.request.type === 'boot') {
            await this.#boot(message.id, message.request);
          } else {
            this.#engine.request(message.id, message.request, ports);
          }
        });
        break;
      case 'interrupt':
        this.#engine.interrupt();
        break;
      case 'stdin':
        this.#engine.stdin(message.text);
        break;
      case 'terminate':
        this.#engine.terminate('asked');
        break;
    }
  }

  async #boot(id: number, boot: Extract<EngineRequest, { type: 'boot' }>): Promise<void> {
    if (!hasSharedMemory()) {
      this.#deliver({
        type: 'refused', id, reason: 'capability',
        message: 'This page has no shared memory, which the engine needs to be stopped and to ask for input.',
        help: NO_SHARED_MEMORY_HELP,
      }, []);
      return;
    }
    const held = boot.takeOver === true ? await this.#lock.takeOver() : await this.#lock.acquireSoon();
    if (!held) {
      this.#deliver({
        type: 'refused', id, reason: 'other-tab',
        message: 'Another tab runs the engine of this workspace.',
        help: 'Go on there, close that tab, or start the engine here: the other tab’s programs end then.',
      }, []);
      return;
    }
    this.#engine.request(id, boot, []);
  }

  #deliver(message: FromEngine, transfer: Transferable[]): void {
    this.#port?.postMessage(message, transfer);
  }
}

function hasSharedMemory(): boolean {
  return globalThis.crossOriginIsolated && typeof SharedArrayBuffer === 'function';
}

function isMessage(data: unknown, type: string): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === type;
}
