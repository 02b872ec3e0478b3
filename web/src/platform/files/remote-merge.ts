import type { ChangeQueue } from './change-queue';
import type { RemoteTree } from './file-remote';
import type { FileTree } from './file-tree';
import type { FileEvent } from './file-types';

/**
 * Brings the names and revisions of the server's tree into the local one. What pending changes touch stays as it is
 * here: their own revision check finds out when they are sent.
 */
export function mergeRemoteTree(tree: FileTree, queue: ChangeQueue, remote: RemoteTree): FileEvent[] {
  const events: FileEvent[] = [];
  const present = new Set<string>();
  const quiet = queue.size === 0;
  for (const entry of remote.files) {
    present.add(entry.path);
    if (!quiet && queue.touches(entry.path)) continue;
    const before = tree.get(entry.path);
    if (before?.kind === entry.kind && before.revision === entry.revision) continue;
    if (before !== undefined && before.kind !== entry.kind) tree.remove(entry.path);
    tree.put({ path: entry.path, kind: entry.kind, size: entry.size, revision: entry.revision });
    if (entry.kind === 'file') events.push({ kind: 'write', path: entry.path, created: before === undefined, origin: 'server' });
    else if (before === undefined) events.push({ kind: 'folder', path: entry.path, origin: 'server' });
  }
  for (const node of [...tree.all('file')]) {
    if (present.has(node.path) || (!quiet && queue.touches(node.path))) continue;
    tree.remove(node.path);
    events.push({ kind: 'delete', path: node.path, origin: 'server' });
  }
  for (const node of [...tree.all('folder')].reverse()) {
    if (present.has(node.path) || tree.childrenOf(node.path).length > 0 || (!quiet && queue.touches(node.path))) continue;
    tree.remove(node.path);
    events.push({ kind: 'delete', path: node.path, origin: 'server' });
  }
  return events;
}
