import { createHash } from 'node:crypto';
import { decodeText, encodeText } from '@/base/bytes';
import { movedPath } from '@/base/paths';
import { RemoteFailure, type FileRemote, type RemoteChange, type RemoteEntry, type RemoteListener, type RemoteTree } from '@/platform/files/file-remote';
import type { Journal, JournalRecord } from '@/platform/files/journal';

interface Stored {
  readonly bytes: Uint8Array;
  readonly revision: number;
}

/** A server in memory that keeps the contract: all or none, revisions, conditions. Shared by several clients. */
export class FakeServer {
  readonly files = new Map<string, Stored>();
  readonly folders = new Set<string>();
  readonly log: string[] = [];
  revision = 0;
  offline = false;
  /** Loses the answer of the next change after it was committed. */
  loseNextAnswer = false;
  refuse: ((change: RemoteChange) => string | null) | null = null;
  private readonly listeners = new Set<RemoteListener>();

  seed(path: string, text: string): void {
    this.revision++;
    this.files.set(path, { bytes: encodeText(text), revision: this.revision });
  }

  text(path: string): string | null {
    const file = this.files.get(path);
    return file === undefined ? null : decodeText(file.bytes);
  }

  remote(): FileRemote {
    return {
      tree: () => this.answer(() => this.treeNow()),
      read: (path) =>
        this.answer(() => {
          const file = this.files.get(path);
          if (file === undefined) throw new RemoteFailure('missing', `No file ${path}`);
          return file;
        }),
      archive: () => this.answer(() => new Map([...this.files].map(([path, file]) => [path, file.bytes]))),
      change: (changes) => this.answer(() => this.change(changes)),
      watch: (listener) => {
        this.listeners.add(listener);
        return { dispose: () => void this.listeners.delete(listener) };
      },
    };
  }

  comeBack(): void {
    this.offline = false;
    for (const listener of this.listeners) listener.onConnected();
  }

  private async answer<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.offline) throw new RemoteFailure('offline', 'The server cannot be reached.');
    const result = work();
    if (this.loseNextAnswer && this.log.length > 0) {
      this.loseNextAnswer = false;
      throw new RemoteFailure('offline', 'The line broke.');
    }
    return result;
  }

  private treeNow(): RemoteTree {
    const files: RemoteEntry[] = [...this.files].map(([path, file]) => entry(path, file));
    for (const path of this.folders) files.push({ path, kind: 'folder', size: 0, revision: 1, digest: null });
    return { revision: this.revision, files };
  }

  private change(changes: readonly RemoteChange[]): RemoteTree {
    const files = new Map(this.files);
    const folders = new Set(this.folders);
    const revision = this.revision + 1;
    const touched = new Set<string>();
    for (const change of changes) {
      const refusal = this.refuse?.(change) ?? null;
      if (refusal !== null) throw new RemoteFailure('refused', refusal);
      const before = files.get(change.path);
      if ('ifRevision' in change && change.ifRevision !== null && (before?.revision ?? 0) !== change.ifRevision) throw new RemoteFailure('stale', change.path);
      if (change.op === 'write') {
        files.set(change.path, { bytes: change.bytes, revision });
        touched.add(change.path);
      } else if (change.op === 'folder') {
        folders.add(change.path);
      } else {
        const affected = [...files.keys()].filter((path) => movedPath(path, change.path, '') !== null);
        if (affected.length === 0 && !folders.has(change.path)) throw new RemoteFailure('missing', change.path);
        for (const path of affected) {
          const file = files.get(path);
          files.delete(path);
          if (change.op === 'move' && file !== undefined) {
            const to = movedPath(path, change.path, change.to) ?? path;
            files.set(to, { bytes: file.bytes, revision });
            touched.add(to);
          }
        }
        folders.delete(change.path);
      }
    }
    this.files.clear();
    for (const [path, file] of files) this.files.set(path, file);
    this.folders.clear();
    for (const path of folders) this.folders.add(path);
    this.revision = revision;
    this.log.push(changes.map((change) => `${change.op} ${change.path}`).join(', '));
    for (const listener of this.listeners) listener.onRevision(revision);
    return { revision, files: [...touched].filter((path) => files.has(path)).map((path) => entry(path, files.get(path)!)) };
  }
}

function entry(path: string, file: Stored): RemoteEntry {
  const digest = createHash('sha256').update(file.bytes).digest('hex');
  return { path, kind: 'file', size: file.bytes.length, revision: file.revision, digest };
}

/** A journal in memory that survives the client, as IndexedDB survives a tab. */
export class FakeJournal implements Journal {
  records = new Map<number, JournalRecord>();
  broken = false;

  async adopt(): Promise<readonly JournalRecord[]> {
    return [...this.records.values()].sort((a, b) => a.id - b.id);
  }

  async update(put: readonly JournalRecord[], remove: readonly number[]): Promise<void> {
    if (this.broken) throw new Error('disk full');
    for (const record of put) this.records.set(record.id, record);
    for (const id of remove) this.records.delete(id);
  }

  close(): void {}
}
