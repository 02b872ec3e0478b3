// The page's side of the service worker: registers it, and answers when it looks for the engine.
import type { FromServiceWorker, ToServiceWorker } from '@/protocol';

const PING_MS = 10_000;

export type LineSource =
  /** This page's engine answers; the function gives a new line to it. */
  | { readonly state: 'here'; readonly open: () => MessagePort }
  | { readonly state: 'coming' }
  | { readonly state: 'elsewhere' };

export class ServiceWorkerLink {
  #source: LineSource = { state: 'elsewhere' };
  #ping: ReturnType<typeof setInterval> | undefined;

  private constructor(private readonly registration: ServiceWorkerRegistration) {
    navigator.serviceWorker.addEventListener('message', (event: MessageEvent<FromServiceWorker>) => { this.#receive(event.data); });
    navigator.serviceWorker.startMessages();
  }

  /** Settles when the worker controls the origin. `ide` hears the console of a preview's pages. */
  static async register(role: 'app' | 'preview', ide?: string): Promise<ServiceWorkerLink> {
    const parameters = new URLSearchParams({ role, ...(ide === undefined ? {} : { ide }) });
    const registration = await navigator.serviceWorker.register(`/__cloche/sw.js?${parameters}`, { scope: '/', updateViaCache: 'none' });
    await navigator.serviceWorker.ready;
    await controlled();
    return new ServiceWorkerLink(registration);
  }

  set source(source: LineSource) {
    this.#source = source;
    if (source.state === 'here') {
      this.#give();
    } else {
      this.#say({ type: source.state === 'coming' ? 'engine-coming' : 'engine-gone' });
    }
  }

  #receive(message: FromServiceWorker): void {
    if (message.type === 'engine-wanted') {
      if (this.#source.state === 'here') {
        this.#give();
      } else if (this.#source.state === 'coming') {
        this.#say({ type: 'engine-coming' });
      }
    } else {
      clearInterval(this.#ping);
      this.#ping = message.count > 0 ? setInterval(() => { this.#say({ type: 'ping' }); }, PING_MS) : undefined;
    }
  }

  #give(): void {
    if (this.#source.state === 'here') {
      this.#say({ type: 'engine-line' }, [this.#source.open()]);
    }
  }

  #say(message: ToServiceWorker, transfer: Transferable[] = []): void {
    (navigator.serviceWorker.controller ?? this.registration.active)?.postMessage(message, transfer);
  }
}

/** The worker claims open pages when it becomes active; a forced reload leaves a page without it. */
async function controlled(): Promise<void> {
  if (navigator.serviceWorker.controller !== null) {
    return;
  }
  await Promise.race([
    new Promise<void>((resolve) => { navigator.serviceWorker.addEventListener('controllerchange', () => { resolve(); }, { once: true }); }),
    new Promise<void>((resolve) => { setTimeout(resolve, 1500); }),
  ]);
}
