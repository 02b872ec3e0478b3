// A published app's page: starts the app's engine in this tab, or uses that of another tab of the same visitor, and shows
// the app. One engine for all tabs of an app: its data has one writer, and all tabs see the same.
import type { DeploymentManifest, FromEngine } from '@/protocol';
import { EngineLock } from '../engine-lock';
import { EngineProcess } from '../engine-process';
import { AppFrame } from './app-frame';
import type { AppScreen, Trouble } from './app-screen';
import { ServiceWorkerLink } from '../service-worker-link';

const OPEN = 1;
/** The deployment that the engine of this origin runs. */
const RUNNING = 'cloche-running-deployment';

export class AppPage {
  readonly #engine: EngineProcess;
  readonly #lock: EngineLock;
  #link: ServiceWorkerLink | undefined;
  #manifest: DeploymentManifest | undefined;
  #isShown = false;

  constructor(private readonly screen: AppScreen, startWorker: () => Worker) {
    this.#engine = new EngineProcess({ startWorker, deliver: (message) => { this.#hear(message); } });
    this.#lock = new EngineLock(() => {
      this.#engine.terminate('taken-over');
      void this.#waitForTurn();
    });
  }

  async start(): Promise<void> {
    this.screen.show();
    const missing = missingCapability();
    if (missing !== undefined) {
      this.screen.trouble(missing);
      return;
    }
    try {
      const manifest = await fetchManifest();
      this.#manifest = manifest;
      this.screen.name = manifest.name;
      this.#link = await ServiceWorkerLink.register('app');
      await this.#findEngine(manifest);
    } catch (failure) {
      this.screen.trouble(explain(failure));
    }
  }

  async #findEngine(manifest: DeploymentManifest): Promise<void> {
    const isOutdated = localStorage.getItem(RUNNING) !== manifest.deployment;
    if (await this.#lock.acquireSoon() || (isOutdated && await this.#lock.takeOver())) {
      this.#startEngine(manifest);
    } else {
      this.#show();
      await this.#waitForTurn();
    }
  }

  /** When the tab with the engine is closed, the next one starts it. */
  async #waitForTurn(): Promise<void> {
    await this.#lock.acquire();
    if (this.#manifest !== undefined) {
      this.screen.notice('The tab that ran this app was closed. Starting it here…');
      this.#startEngine(this.#manifest);
    }
  }

  #startEngine(manifest: DeploymentManifest): void {
    localStorage.setItem(RUNNING, manifest.deployment);
    if (this.#link !== undefined) {
      this.#link.source = { state: 'coming' };
    }
    this.#engine.request(OPEN, { type: 'open-app', manifest, snapshot: 'auto' }, []);
  }

  #hear(message: FromEngine): void {
    switch (message.type) {
      case 'progress':
        this.screen.progress(message.phase, message.done, message.total);
        break;
      case 'answer':
        if (message.id === OPEN) {
          this.#ready();
        }
        break;
      case 'refused':
        // Refused as `stopped`: another tab took over, and this one goes on with its engine.
        if (message.id === OPEN && message.reason !== 'stopped') {
          this.#failed({ title: 'The app could not start', text: message.message, details: message.help });
        }
        break;
      case 'output':
        (message.stream === 'stderr' ? console.warn : console.log)(message.text.trimEnd());
        break;
      case 'status':
        if (message.status.state === 'failed') {
          this.#failed({ title: 'The app stopped', text: message.status.message, details: message.status.help });
        }
        break;
      case 'display':
      case 'input':
      case 'changes':
        break;
    }
  }

  #ready(): void {
    if (this.#link !== undefined) {
      this.#link.source = {
        state: 'here',
        open: () => {
          const { port1, port2 } = new MessageChannel();
          this.#engine.request(0, { type: 'attach', port: 0 }, [port1]);
          return port2;
        },
      };
    }
    this.screen.notice(undefined);
    this.#show();
  }

  #show(): void {
    if (!this.#isShown && this.#manifest !== undefined) {
      this.#isShown = true;
      new AppFrame(this.screen.frame(location.href, this.#manifest.name), this.#manifest.name);
    }
  }

  #failed(trouble: Trouble): void {
    if (this.#link !== undefined) {
      this.#link.source = { state: 'elsewhere' };
    }
    this.screen.trouble(trouble);
  }
}

async function fetchManifest(): Promise<DeploymentManifest> {
  const response = await fetch('/__cloche/deployment.json', { cache: 'no-store' });
  if (response.status === 404) {
    throw new Error('There is no app at this address. It may have been unpublished or renamed.');
  }
  if (!response.ok) {
    throw new Error(`The server answered ${response.status}.`);
  }
  return await response.json() as DeploymentManifest;
}

function missingCapability(): Trouble | undefined {
  if ((navigator as Partial<Navigator>).serviceWorker === undefined) {
    return {
      title: 'This browser cannot run the app here',
      text: window.isSecureContext
        ? 'Service workers are switched off. Leave private browsing, or allow site data for this address, then try again.'
        : 'The app needs a secure address: ask for it by https.',
    };
  }
  if (!globalThis.crossOriginIsolated || typeof SharedArrayBuffer !== 'function') {
    return {
      title: 'This browser cannot run the app here',
      text: 'The app needs shared memory, which this browser does not give to the page. Use a current Chrome, Edge or Firefox, and open the app in a tab of its own.',
    };
  }
  return undefined;
}

function explain(failure: unknown): Trouble {
  const text = failure instanceof Error ? failure.message : String(failure);
  return failure instanceof DOMException && failure.name === 'SecurityError'
    ? { title: 'This browser cannot run the app here', text: 'Site data is blocked for this address. Allow it in the browser’s settings, then try again.', details: text }
    : { title: 'The app could not start', text };
}
