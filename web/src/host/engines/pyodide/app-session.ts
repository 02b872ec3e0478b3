// A published app in the visitor's tab: the deployment's files, over them what the app kept here, and the app served.
import type { BootReport, DeploymentManifest, FileChange } from '@/protocol';
import { AppStore } from '../../app-store';
import type { OpenApp } from '../../worker-messages';
import { Session, type SessionOptions } from './session';

/** The app answers at this port inside its engine. */
export const APP_PORT = 80;

export class AppSession {
  readonly #session: Session;
  #store: AppStore | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: Pick<SessionOptions, 'memory' | 'post' | 'base'>) {
    this.#session = new Session({
      ...options,
      isInteractive: false,
      filesChanged: (changes) => { this.#save(changes); },
      appEvents: {
        // What a request changed is on the disk before its answer is seen: a reload finds it.
        beforeAnswer: () => {
          this.#session.report();
          return this.#saving;
        },
        cookies: (_origin, cookies) => { this.#keep(this.#store?.saveCookies(cookies)); },
      },
    });
  }

  async open({ manifest, snapshot }: OpenApp): Promise<BootReport> {
    const archive = fetchArchive(manifest);
    archive.catch(() => undefined);
    const store = AppStore.open(manifest.deployment);
    store.catch(() => undefined);
    const report = await this.#session.boot({
      type: 'boot', engine: 'pyodide', environment: manifest.environment, wheels: manifest.wheels, files: [], folders: [], snapshot,
    });
    const deployed = this.#session.unpack(await archive);
    this.#store = await store;
    this.#session.apply(await this.#store.restore(deployed));
    const server = await this.#session.serve(APP_PORT, { kind: manifest.kind, entry: manifest.entry });
    server.restoreCookies(self.location.origin, await this.#store.cookies());
    return report;
  }

  attach(line: MessagePort | undefined): null {
    this.#session.attach(APP_PORT, line);
    return null;
  }

  #save(changes: readonly FileChange[]): void {
    this.#keep(this.#store?.save(changes));
  }

  #keep(write: Promise<void> | undefined): void {
    const before = this.#saving;
    this.#saving = Promise.all([before, write])
      .then(() => undefined)
      .catch((failure: unknown) => {
        this.#session.note(`The browser could not keep the app’s data: ${failure instanceof Error ? failure.message : String(failure)}\n`);
      });
  }
}

async function fetchArchive(manifest: DeploymentManifest): Promise<ArrayBuffer> {
  const response = await fetch(new URL(manifest.archive, self.location.origin));
  if (!response.ok) {
    throw new Error(`The app’s files could not be fetched: the server answered ${response.status}.`);
  }
  return response.arrayBuffer();
}
