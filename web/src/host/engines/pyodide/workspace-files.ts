// The workspace's files inside the engine: puts in what the IDE sends, finds what programs changed.
import type { FileChange, FileContent } from '@/protocol';
import { ChangeIndex, isSynced, isSyncedName, type Difference, type Seen } from './change-index';
import type { MemoryFileSystem, MemoryNode } from './memory-tree';

export const WORKSPACE = '/workspace';

/** A larger file stays in the engine. */
const LARGEST_FILE = 64 * 1024 * 1024;
const LARGEST_MESSAGE = 32 * 1024 * 1024;

export interface FileEvents {
  readonly changed: (changes: readonly FileChange[]) => void;
  readonly tooLarge: (path: string, size: number) => void;
}

export class WorkspaceFiles {
  readonly #index = new ChangeIndex();
  readonly #touched = new Set<string>();
  readonly #toldTooLarge = new Set<string>();
  #dirty = false;

  constructor(private readonly fs: MemoryFileSystem, private readonly events: FileEvents) {
    fs.mkdirTree(WORKSPACE);
    fs.chdir(WORKSPACE);
    this.#track();
  }

  /** Puts in what the IDE has when the engine starts. */
  fill(files: readonly FileContent[], folders: readonly string[]): void {
    for (const folder of folders) {
      this.fs.mkdirTree(absolute(folder));
    }
    for (const { path, bytes } of files) {
      this.#write(path, bytes);
    }
    this.accept();
  }

  /** Does what was done elsewhere; it is not reported as a change. */
  apply(changes: readonly FileChange[]): void {
    this.report();
    for (const change of changes) {
      this.#apply(change);
    }
    this.accept();
  }

  read(path: string): Uint8Array {
    return this.fs.readFile(absolute(path));
  }

  /** All files that are synced. */
  paths(): ReadonlySet<string> {
    return new Set([...this.#scan()].filter(([, { kind }]) => kind === 'file').map(([path]) => path));
  }

  /** Whether a program did something that may have changed a file since the last report. */
  get isDirty(): boolean {
    return this.#dirty;
  }

  /** Tells what programs changed since the last report. */
  report(): void {
    const differences = this.#index.compare(this.#scan(), this.#touched);
    this.#clean();
    let batch: FileChange[] = [];
    let size = 0;
    for (const difference of differences) {
      const change = this.#change(difference);
      if (change !== undefined) {
        batch.push(change);
        size += change.kind === 'write' ? change.bytes.length : 0;
      }
      if (size > LARGEST_MESSAGE) {
        this.events.changed(batch);
        batch = [];
        size = 0;
      }
    }
    if (batch.length > 0) {
      this.events.changed(batch);
    }
  }

  /** Takes the tree as it is for known. */
  accept(): void {
    this.#index.accept(this.#scan());
    this.#clean();
  }

  #clean(): void {
    this.#dirty = false;
    this.#touched.clear();
  }

  #change(difference: Difference): FileChange | undefined {
    const { path } = difference;
    if (difference.kind !== 'write') {
      return { kind: difference.kind, path };
    }
    if (difference.size > LARGEST_FILE) {
      if (!this.#toldTooLarge.has(path)) {
        this.#toldTooLarge.add(path);
        this.events.tooLarge(path, difference.size);
      }
      return undefined;
    }
    return { kind: 'write', path, bytes: this.fs.readFile(absolute(path)) };
  }

  #apply(change: FileChange): void {
    const path = absolute(change.path);
    switch (change.kind) {
      case 'write':
        this.#write(change.path, change.bytes);
        break;
      case 'folder':
        this.fs.mkdirTree(path);
        break;
      case 'delete':
        if (this.fs.analyzePath(path).exists) {
          this.#remove(path);
        }
        break;
      case 'move': {
        const to = absolute(change.to);
        this.fs.mkdirTree(parent(to));
        this.fs.rename(path, to);
        break;
      }
    }
  }

  #write(path: string, bytes: Uint8Array): void {
    const target = absolute(path);
    this.fs.mkdirTree(parent(target));
    this.fs.writeFile(target, bytes);
  }

  #remove(path: string): void {
    if (!this.fs.isDir(this.fs.lookupPath(path).node.mode)) {
      this.fs.unlink(path);
      return;
    }
    for (const name of this.fs.readdir(path)) {
      if (name !== '.' && name !== '..') {
        this.#remove(`${path}/${name}`);
      }
    }
    this.fs.rmdir(path);
  }

  #scan(): Map<string, Seen> {
    const found = new Map<string, Seen>();
    this.#walk(this.fs.lookupPath(WORKSPACE).node, '', found);
    return found;
  }

  #walk(folder: MemoryNode, prefix: string, found: Map<string, Seen>): void {
    for (const [name, node] of Object.entries(folder.contents ?? {}) as [string, MemoryNode][]) {
      if (!isSyncedName(name)) {
        continue;
      }
      const path = prefix + name;
      if (this.fs.isDir(node.mode)) {
        found.set(path, { kind: 'folder', size: 0, mtime: 0 });
        this.#walk(node, `${path}/`, found);
      } else if (this.fs.isFile(node.mode)) {
        found.set(path, { kind: 'file', size: node.usedBytes ?? 0, mtime: Number(node.mtime) });
      }
    }
  }

  #track(): void {
    const touch = (path: string): void => {
      if (path.startsWith(`${WORKSPACE}/`)) {
        this.#dirty = true;
        const relative = path.slice(WORKSPACE.length + 1);
        if (isSynced(relative)) {
          this.#touched.add(relative);
        }
      }
    };
    const dirty = (): void => {
      this.#dirty = true;
    };
    const { trackingDelegate } = this.fs;
    trackingDelegate.onWriteToFile = touch;
    trackingDelegate.onMakeDirectory = dirty;
    trackingDelegate.onMovePath = dirty;
    trackingDelegate.onDeletePath = dirty;
  }
}

/** Refuses what would leave the workspace; the IDE and the server check the same. */
function absolute(path: string): string {
  const names = path.split('/');
  if (path.includes('\0') || names.some((name) => name === '' || name === '.' || name === '..')) {
    throw new Error(`not a path inside the workspace: ${JSON.stringify(path)}`);
  }
  return `${WORKSPACE}/${path}`;
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
