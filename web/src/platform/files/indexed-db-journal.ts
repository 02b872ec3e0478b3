import type { Journal, JournalRecord } from './journal';

interface StoredRecord extends JournalRecord {
  readonly workspace: string;
  readonly session: string;
  readonly at: number;
}

const storeName = 'changes';

/**
 * The journal in IndexedDB, shared by the tabs of a browser. Each tab is a session that holds a Web Lock; the records
 * of a session without its lock belong to a tab that ended, and the next one that starts takes them over.
 */
export class IndexedDbJournal implements Journal {
  private constructor(
    private readonly database: IDBDatabase,
    private readonly workspace: string,
    private readonly session: string,
    private readonly release: () => void,
  ) {}

  static async open(workspace: string): Promise<IndexedDbJournal> {
    const session = `${Date.now()}-${crypto.randomUUID()}`;
    const database = await openDatabase();
    const release = await holdLock(lockName(workspace, session));
    return new IndexedDbJournal(database, workspace, session, release);
  }

  /** One tab at a time, so that two that start together do not take over the same records. */
  adopt(): Promise<readonly JournalRecord[]> {
    return navigator.locks.request(`cloche-journal-adopt-${this.workspace}`, () => this.takeOver());
  }

  private async takeOver(): Promise<readonly JournalRecord[]> {
    const records = await this.readAll();
    const others = [...new Set(records.map((record) => record.session))].filter((session) => session !== this.session).sort();
    const adopted: StoredRecord[] = [];
    for (const session of others) {
      if (await isHeld(lockName(this.workspace, session))) continue;
      adopted.push(...records.filter((record) => record.session === session).sort((a, b) => a.id - b.id));
    }
    if (adopted.length === 0) return [];
    const mine = adopted.map((record, index) => ({ ...record, session: this.session, id: index + 1 }));
    await this.transact((store) => {
      for (const record of adopted) store.delete([record.workspace, record.session, record.id]);
      for (const record of mine) store.put(record);
    });
    return mine;
  }

  async update(put: readonly JournalRecord[], remove: readonly number[]): Promise<void> {
    await this.transact((store) => {
      for (const record of put) store.put({ ...record, workspace: this.workspace, session: this.session, at: Date.now() });
      for (const id of remove) store.delete([this.workspace, this.session, id]);
    });
  }

  close(): void {
    this.release();
    this.database.close();
  }

  private readAll(): Promise<StoredRecord[]> {
    return new Promise((resolve, reject) => {
      const range = IDBKeyRange.bound([this.workspace], [this.workspace, []]);
      const request = this.database.transaction(storeName).objectStore(storeName).getAll(range);
      request.onsuccess = () => resolve(request.result as StoredRecord[]);
      request.onerror = () => reject(request.error ?? new Error('The journal cannot be read'));
    });
  }

  private transact(work: (store: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(storeName, 'readwrite', { durability: 'strict' });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('The journal cannot be written'));
      work(transaction.objectStore(storeName));
    });
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('cloche-journal', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath: ['workspace', 'session', 'id'] });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The journal cannot be opened'));
    request.onblocked = () => reject(new Error('Another tab keeps the journal in an older form'));
  });
}

function lockName(workspace: string, session: string): string {
  return `cloche-journal-${workspace}-${session}`;
}

function holdLock(name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    navigator.locks.request(name, () => new Promise<void>((release) => resolve(release))).catch(reject);
  });
}

async function isHeld(name: string): Promise<boolean> {
  const { held } = await navigator.locks.query();
  return held?.some((lock) => lock.name === name) ?? false;
}
