import { conflictPath, freePath, nameOf } from '@/base/paths';
import type { ChangeQueue, PendingChange } from './change-queue';
import type { RemoteEntry } from './file-remote';

/** What happened to a pending change that met something newer on the server. */
export type Resolution =
  /** It is there already, or has become pointless. */
  | { readonly kind: 'dropped'; readonly path: string }
  /** The server's version takes the name; the local one is at `copy`. */
  | { readonly kind: 'kept-both'; readonly path: string; readonly copy: string }
  /** A deletion that was not done, because somebody changed the file. */
  | { readonly kind: 'not-deleted'; readonly path: string }
  /** The change was rewritten so that it fits. */
  | { readonly kind: 'adapted'; readonly path: string };

/** What the resolver may look at. */
export interface ConflictView {
  readonly queue: ChangeQueue;
  remote(path: string): RemoteEntry | undefined;
  isTaken(path: string): boolean;
  digestOf(bytes: Uint8Array): Promise<string>;
  /** The content of a file that is in memory. */
  localContent(path: string): Uint8Array | undefined;
  now(): Date;
}

/** Decides about changes whose base is too old. A three-way merge can take this place. */
export interface ConflictResolver {
  resolve(entries: readonly PendingChange[], view: ConflictView): Promise<Resolution[]>;
}

/** Loses nothing: both versions stay, the local one under another name. */
export class KeepBoth implements ConflictResolver {
  async resolve(entries: readonly PendingChange[], view: ConflictView): Promise<Resolution[]> {
    const result: Resolution[] = [];
    for (const entry of entries) {
      const resolution = await this.resolveOne(entry, view);
      if (resolution !== null) result.push(resolution);
    }
    return result;
  }

  private async resolveOne(entry: PendingChange, view: ConflictView): Promise<Resolution | null> {
    const { change } = entry;
    const remote = view.remote(change.path);
    switch (change.op) {
      case 'write':
        return change.ifRevision === null || change.ifRevision === (remote?.revision ?? 0) ? null : this.resolveWrite(entry, remote, view);
      case 'delete': {
        if (remote === undefined) return drop(entry, view);
        if (change.ifRevision === null || remote.revision === change.ifRevision) return null;
        view.queue.drop(entry);
        return { kind: 'not-deleted', path: change.path };
      }
      case 'folder':
        return remote?.kind === 'folder' ? drop(entry, view) : null;
      case 'move':
        return this.resolveMove(entry, remote, view);
    }
  }

  private async resolveWrite(entry: PendingChange, remote: RemoteEntry | undefined, view: ConflictView): Promise<Resolution> {
    const { change } = entry;
    if (change.op !== 'write') throw new TypeError('not a write');
    entry.version++;
    if (remote === undefined) {
      change.ifRevision = 0;
      return { kind: 'adapted', path: change.path };
    }
    const newer = view.queue.pendingContent(change.path) ?? change.content;
    if (remote.digest !== null && remote.digest === (await view.digestOf(change.content.bytes()))) {
      if (newer === change.content) return drop(entry, view);
      view.queue.drop(entry);
      view.queue.acknowledge([], () => remote.revision);
      return { kind: 'adapted', path: change.path };
    }
    const { path } = change;
    for (const later of view.queue.all().filter((other) => other !== entry && other.change.op === 'write' && other.change.path === path)) {
      view.queue.drop(later);
    }
    const copy = freePath(conflictPath(path, view.now()), (candidate) => view.isTaken(candidate));
    change.path = copy;
    change.content = newer;
    change.ifRevision = 0;
    return { kind: 'kept-both', path, copy };
  }

  private resolveMove(entry: PendingChange, remote: RemoteEntry | undefined, view: ConflictView): Resolution | null {
    const { change } = entry;
    if (change.op !== 'move') return null;
    if (remote === undefined && !isMadeBefore(entry, view)) {
      const content = view.localContent(change.to);
      if (content === undefined) return drop(entry, view);
      view.queue.drop(entry);
      view.queue.write(change.to, content, 0);
      return { kind: 'adapted', path: change.to };
    }
    if (view.remote(change.to) !== undefined && nameOf(change.to).toLowerCase() !== nameOf(change.path).toLowerCase()) {
      const to = change.to;
      change.to = freePath(conflictPath(to, view.now()), (candidate) => view.isTaken(candidate));
      entry.version++;
      return { kind: 'kept-both', path: to, copy: change.to };
    }
    return null;
  }
}

/** Whether an earlier change of the same batch makes what this one needs. */
function isMadeBefore(entry: PendingChange, view: ConflictView): boolean {
  const { change } = entry;
  for (const other of view.queue.all()) {
    if (other === entry) return false;
    const made = other.change.op === 'move' ? other.change.to : other.change.op === 'delete' ? null : other.change.path;
    if (made !== null && (made === change.path || made.startsWith(`${change.path}/`))) return true;
  }
  return false;
}

function drop(entry: PendingChange, view: ConflictView): Resolution {
  view.queue.drop(entry);
  return { kind: 'dropped', path: entry.change.path };
}

export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
