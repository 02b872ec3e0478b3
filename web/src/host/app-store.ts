// What an app keeps in the visitor's browser: the files that it wrote, over those of its deployment, and its cookies.
// One IndexedDB database an origin, so one an app; only the tab whose engine runs writes to it.
import type { FileChange } from '@/protocol';
import type { Cookie } from './engines/pyodide/cookie-jar';

const DATABASE = 'cloche-app';
const FILES = 'files';
const STATE = 'state';
const COOKIES = 'cookies';

/** A file that the app wrote, or (without bytes) one of its deployment that it deleted. */
interface KeptFile {
  readonly path: string;
  readonly bytes: Uint8Array | null;
  readonly folder: boolean;
  readonly deployment: string;
}

export class AppStore {
  #writes: Promise<unknown> = Promise.resolve();

  private constructor(private readonly database: IDBDatabase, private readonly deployment: string) {}

  static async open(deployment: string): Promise<AppStore> {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(FILES, { keyPath: 'path' });
      opening.result.createObjectStore(STATE);
    };
    return new AppStore(await result(opening), deployment);
  }

  /**
   * The changes that lead from the deployment's files to those of the last time. What the app did to files of an older
   * deployment is forgotten where the new one brings them itself.
   */
  async restore(deployed: ReadonlySet<string>): Promise<FileChange[]> {
    const kept = await result(this.database.transaction(FILES).objectStore(FILES).getAll() as IDBRequest<KeptFile[]>);
    const outdated = kept.filter(({ path, deployment, bytes, folder }) =>
      deployment !== this.deployment && (deployed.has(path) || (bytes === null && !folder)));
    if (outdated.length > 0) {
      await this.#write((files) => { outdated.forEach(({ path }) => { files.delete(path); }); });
    }
    const gone = new Set(outdated.map(({ path }) => path));
    return kept.filter(({ path }) => !gone.has(path)).map(asChange);
  }

  /** Keeps what the app changed; settles when it is on the disk. */
  async save(changes: readonly FileChange[]): Promise<void> {
    const { deployment } = this;
    await this.#write((files) => {
      for (const change of changes) {
        switch (change.kind) {
          case 'write':
            files.put({ path: change.path, bytes: change.bytes, folder: false, deployment } satisfies KeptFile);
            break;
          case 'folder':
            files.put({ path: change.path, bytes: null, folder: true, deployment } satisfies KeptFile);
            break;
          case 'delete':
            // All that was below goes with it; the key range ends before the next sibling.
            files.delete(IDBKeyRange.bound(`${change.path}/`, `${change.path}0`, false, true));
            files.put({ path: change.path, bytes: null, folder: false, deployment } satisfies KeptFile);
            break;
          case 'move':
            break;
        }
      }
    });
  }

  async cookies(): Promise<readonly Cookie[]> {
    const cookies = await result(this.database.transaction(STATE).objectStore(STATE).get(COOKIES) as IDBRequest<readonly Cookie[] | undefined>);
    return cookies ?? [];
  }

  async saveCookies(cookies: readonly Cookie[]): Promise<void> {
    const transaction = this.database.transaction(STATE, 'readwrite');
    transaction.objectStore(STATE).put([...cookies], COOKIES);
    await done(transaction);
  }

  /** One after the other, so that the newest wins. */
  #write(fill: (files: IDBObjectStore) => void): Promise<void> {
    const write = this.#writes.then(async () => {
      const transaction = this.database.transaction(FILES, 'readwrite', { durability: 'strict' });
      fill(transaction.objectStore(FILES));
      await done(transaction);
    });
    this.#writes = write.catch(() => undefined);
    return write;
  }
}

function asChange({ path, bytes, folder }: KeptFile): FileChange {
  if (folder) {
    return { kind: 'folder', path };
  }
  return bytes === null ? { kind: 'delete', path } : { kind: 'write', path, bytes };
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => { resolve(request.result); };
    request.onerror = () => { reject(request.error ?? new Error('the browser’s storage failed')); };
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => { resolve(); };
    transaction.onabort = () => { reject(transaction.error ?? new Error('the browser’s storage failed')); };
  });
}
