import { Debouncer, systemClock, type Clock } from '@/base/async';
import { decodeText } from '@/base/bytes';
import { DisposableStore, type Disposable } from '@/base/disposable';
import { Emitter } from '@/base/emitter';
import { isBelow, movedPath } from '@/base/paths';
import { ValueStore } from '@/base/store';
import { ChangeQueue, PendingContent, type PendingChange } from './change-queue';
import { KeepBoth, sha256, type ConflictResolver } from './conflicts';
import { ContentCache } from './content-cache';
import { RemoteFailure, type FileRemote, type RemoteTree } from './file-remote';
import { FileTree } from './file-tree';
import { FileProblem, type ChangeOrigin, type FileConflict, type FileEvent, type FileNode, type NewContent, type WorkspaceFiles } from './file-types';
import { isNeverKept } from './never-kept';
import { checkNewPath, checkPath } from './path-checks';
import type { Journal, JournalRecord } from './journal';
import { JournalKeeper } from './journal-keeper';
import { mergeRemoteTree } from './remote-merge';
import { Saver } from './saver';

export interface WorkspaceClientOptions {
  readonly workspaceId: string;
  readonly remote: FileRemote;
  readonly journal: Journal;
  readonly clock?: Clock;
  readonly resolver?: ConflictResolver;
}

/** The one working copy of a workspace in this tab: local first, journalled, followed by the server. */
export class WorkspaceClient implements WorkspaceFiles, Disposable {
  readonly workspaceId: string;
  readonly treeVersion = new ValueStore(0);
  private readonly changeEmitter = new Emitter<FileEvent>();
  private readonly conflictEmitter = new Emitter<FileConflict>();
  readonly onChange = this.changeEmitter.event;
  readonly onConflict = this.conflictEmitter.event;
  private readonly tree = new FileTree();
  private readonly cache = new ContentCache();
  private readonly loading = new Map<string, Promise<Uint8Array>>();
  private readonly held = new DisposableStore();
  private readonly refreshTimer: Debouncer;
  private readonly resolver: ConflictResolver;
  private readonly saver: Saver;
  private knownRevision = 0;

  private constructor(
    private readonly options: WorkspaceClientOptions,
    private readonly clock: Clock,
    private readonly queue: ChangeQueue,
    private readonly keeper: JournalKeeper,
  ) {
    this.workspaceId = options.workspaceId;
    this.resolver = options.resolver ?? new KeepBoth();
    this.saver = this.held.add(
      new Saver(
        {
          queue,
          remote: options.remote,
          committed: (entries, result) => this.committed(entries, result),
          resolve: (entries) => this.resolve(entries),
          isJournalled: () => !keeper.isBroken,
        },
        clock,
      ),
    );
    this.held.add(keeper);
    this.refreshTimer = this.held.add(new Debouncer(clock, () => void this.refresh(), 150, 1000));
  }

  /** Reads the tree, takes over what ended tabs left in the journal, and starts to follow the server. */
  static async open(options: WorkspaceClientOptions): Promise<WorkspaceClient> {
    const clock = options.clock ?? systemClock;
    const [tree, adopted] = await Promise.all([options.remote.tree(), options.journal.adopt().catch((): JournalRecord[] => [])]);
    const queue = new ChangeQueue(1 + Math.max(0, ...adopted.map((record) => record.id)));
    const client = new WorkspaceClient(options, clock, queue, new JournalKeeper(queue, options.journal, clock, adopted));
    mergeRemoteTree(client.tree, queue, tree);
    client.knownRevision = tree.revision;
    client.replay(adopted);
    client.held.add(options.remote.watch({ onRevision: (revision) => client.heard(revision), onConnected: () => client.connected() }));
    return client;
  }

  get saveState() {
    return this.saver.state;
  }

  get revision(): number {
    return this.knownRevision;
  }

  /** Whether closing the tab now would lose something. */
  get wouldLose(): boolean {
    return this.keeper.isBroken;
  }

  configureSaving(idle: number, atMost: number): void {
    this.saver.configure(idle, atMost);
  }

  get(path: string): FileNode | undefined {
    return this.tree.get(path);
  }

  childrenOf(folder: string): readonly FileNode[] {
    return this.tree.childrenOf(folder);
  }

  files(): Iterable<FileNode> {
    return this.tree.all('file');
  }

  folders(): Iterable<FileNode> {
    return this.tree.all('folder');
  }

  isDirty(path: string): boolean {
    return this.queue.size > 0 && this.queue.touches(path);
  }

  async readBytes(path: string): Promise<Uint8Array> {
    const pending = this.queue.pendingContent(path);
    if (pending !== null) return pending.bytes();
    const cached = this.cache.get(path);
    if (cached !== undefined) return cached;
    if (this.tree.get(path)?.kind !== 'file') throw new FileProblem(`There is no file ${path}.`);
    let loading = this.loading.get(path);
    if (loading === undefined) {
      loading = this.load(path);
      this.loading.set(path, loading);
    }
    return loading;
  }

  async readText(path: string): Promise<string | null> {
    return decodeText(await this.readBytes(path));
  }

  async readAll(): Promise<ReadonlyMap<string, Uint8Array>> {
    const missing = [...this.tree.all('file')].filter((node) => this.queue.pendingContent(node.path) === null && !this.cache.has(node.path));
    let archive: ReadonlyMap<string, Uint8Array> = new Map();
    if (missing.length > 8) {
      archive = await this.options.remote.archive(this.knownRevision);
      for (const { path, revision } of missing) {
        const bytes = archive.get(path);
        if (bytes !== undefined && revision > 0 && revision <= this.knownRevision) this.cache.set(path, bytes);
      }
    }
    const result = new Map<string, Uint8Array>();
    const rest: string[] = [];
    for (const { path } of this.tree.all('file')) {
      const bytes = this.queue.pendingContent(path)?.bytes() ?? this.cache.get(path) ?? archive.get(path);
      if (bytes === undefined) rest.push(path);
      else result.set(path, bytes);
    }
    await Promise.all(rest.map(async (path) => result.set(path, await this.readBytes(path))));
    return result;
  }

  // Names from other systems may be spelled with combining characters; the workspace keeps one spelling.
  write(spelled: string, content: NewContent, origin: ChangeOrigin): void {
    const path = spelled.normalize('NFC');
    if (origin === 'engine' && isNeverKept(path)) return;
    const before = this.tree.get(path);
    if (before === undefined) checkNewPath(this.tree, path);
    else if (before.kind === 'folder') throw new FileProblem(`${path} is a folder.`);
    const base = before?.revision ?? 0;
    this.cache.delete(path);
    this.loading.delete(path);
    this.queue.write(path, content, base);
    const size = content instanceof Uint8Array ? content.length : (before?.size ?? 0);
    if (this.tree.put({ path, kind: 'file', size, revision: base })) this.namesChanged();
    this.changed({ kind: 'write', path, created: before === undefined, origin });
  }

  createFolder(spelled: string, origin: ChangeOrigin): void {
    const path = spelled.normalize('NFC');
    if (origin === 'engine' && isNeverKept(path)) return;
    if (this.tree.get(path)?.kind === 'folder') return;
    checkNewPath(this.tree, path);
    this.tree.put({ path, kind: 'folder', size: 0, revision: 0 });
    this.queue.folder(path);
    this.namesChanged();
    this.changed({ kind: 'folder', path, origin });
  }

  move(path: string, target: string, origin: ChangeOrigin): void {
    const to = target.normalize('NFC');
    if (this.tree.get(path) === undefined) throw new FileProblem(`${path} is not there any more.`);
    if (path === to) return;
    if (isBelow(to, path)) throw new FileProblem('A folder cannot be moved into itself.');
    const clash = this.tree.clashOf(to);
    if (clash !== undefined && clash.path !== path) throw new FileProblem(`${clash.path} exists already.`);
    checkPath(to);
    const affected = this.tree.subtree(path);
    this.tree.move(path, to);
    for (const node of affected) this.cache.move(node.path, movedPath(node.path, path, to) ?? to);
    this.queue.move(path, to);
    this.namesChanged();
    this.changed({ kind: 'move', path, to, origin });
  }

  remove(path: string, origin: ChangeOrigin): void {
    const node = this.tree.get(path);
    if (node === undefined) return;
    for (const removed of this.tree.remove(path)) this.cache.delete(removed.path);
    this.queue.remove(path, node.kind === 'file' ? node.revision : null);
    this.namesChanged();
    this.changed({ kind: 'delete', path, origin });
  }

  async save(): Promise<void> {
    await this.keeper.flush();
    await this.saver.save();
  }

  dispose(): void {
    this.held.dispose();
  }

  private async load(path: string): Promise<Uint8Array> {
    try {
      const { bytes, revision } = await this.options.remote.read(path);
      const node = this.tree.get(path);
      if (this.queue.pendingContent(path) === null && node?.kind === 'file') {
        this.cache.set(path, bytes);
        this.tree.put({ ...node, size: bytes.length, revision: this.isDirty(path) ? node.revision : revision });
      }
      return bytes;
    } finally {
      this.loading.delete(path);
    }
  }

  private changed(event: FileEvent): void {
    this.keeper.changed();
    this.saver.changed();
    this.changeEmitter.emit(event);
  }

  private namesChanged(): void {
    this.treeVersion.update((version) => version + 1);
  }

  private replay(records: readonly JournalRecord[]): void {
    for (const record of records) {
      const { path } = record;
      if (record.op === 'write' && record.bytes !== null) {
        this.queue.push({ op: 'write', path, content: new PendingContent(record.bytes), ifRevision: record.ifRevision });
        this.tree.put({ path, kind: 'file', size: record.bytes.length, revision: this.tree.get(path)?.revision ?? 0 });
      } else if (record.op === 'delete') {
        this.queue.push({ op: 'delete', path, ifRevision: record.ifRevision });
        this.tree.remove(path);
      } else if (record.op === 'folder') {
        this.queue.push({ op: 'folder', path });
        this.tree.put({ path, kind: 'folder', size: 0, revision: 0 });
      } else if (record.op === 'move' && record.to !== null) {
        this.queue.push({ op: 'move', path, to: record.to });
        this.tree.move(path, record.to);
      }
    }
    if (records.length === 0) return;
    this.namesChanged();
    this.keeper.changed();
    this.saver.changed();
    this.saver.save().catch(() => undefined);
  }

  private committed(entries: readonly PendingChange[], result: RemoteTree): void {
    const revisions = new Map(result.files.map((entry) => [entry.path, entry]));
    this.queue.acknowledge(entries, (path) => revisions.get(path)?.revision);
    for (const { change } of entries) {
      if (change.op === 'write' && this.queue.pendingContent(change.path) === null && this.tree.get(change.path)?.kind === 'file') {
        this.cache.set(change.path, change.content.bytes());
      }
    }
    for (const entry of result.files) {
      const node = this.tree.get(entry.path);
      if (node?.kind === entry.kind) this.tree.put({ ...node, revision: entry.revision, size: entry.size });
    }
    this.keeper.changed();
    // a gap means that somebody else committed in between
    if (result.revision === this.knownRevision + 1) this.knownRevision = result.revision;
    else this.refreshTimer.trigger();
  }

  private heard(revision: number): void {
    if (revision > this.knownRevision) this.refreshTimer.trigger();
  }

  private connected(): void {
    this.saver.wake();
    this.refreshTimer.trigger();
  }

  private async refresh(): Promise<void> {
    if (this.saver.isSending) {
      this.refreshTimer.trigger();
      return;
    }
    try {
      const tree = await this.options.remote.tree();
      if (this.saver.isSending) this.refreshTimer.trigger();
      else this.take(tree);
    } catch (error) {
      if (!(error instanceof RemoteFailure)) throw error;
    }
  }

  private take(tree: RemoteTree): void {
    if (tree.revision < this.knownRevision) return;
    this.knownRevision = tree.revision;
    const events = mergeRemoteTree(this.tree, this.queue, tree);
    if (events.some((event) => event.kind !== 'write' || event.created)) this.namesChanged();
    for (const event of events) {
      this.cache.delete(event.path);
      this.loading.delete(event.path);
      this.changeEmitter.emit(event);
    }
  }

  private async resolve(entries: readonly PendingChange[]): Promise<boolean> {
    const remote = await this.options.remote.tree();
    const byPath = new Map(remote.files.map((entry) => [entry.path, entry]));
    const resolutions = await this.resolver.resolve(entries, {
      queue: this.queue,
      remote: (path) => byPath.get(path),
      isTaken: (path) => byPath.has(path) || this.tree.get(path) !== undefined,
      digestOf: sha256,
      localContent: (path) => this.queue.pendingContent(path)?.bytes() ?? this.cache.get(path),
      now: () => new Date(this.clock.now()),
    });
    for (const resolution of resolutions) {
      if (resolution.kind === 'kept-both') {
        const { path, copy } = resolution;
        if (this.tree.get(path) === undefined) this.tree.put({ path: copy, kind: 'file', size: 0, revision: 0 });
        else this.tree.move(path, copy);
        this.cache.delete(path);
        this.changeEmitter.emit({ kind: 'write', path: copy, created: true, origin: 'server' });
        this.conflictEmitter.emit({ path, copy });
      } else if (resolution.kind === 'not-deleted') {
        this.conflictEmitter.emit({ path: resolution.path, copy: null });
      }
    }
    this.keeper.changed();
    this.take(remote);
    this.namesChanged();
    return resolutions.length > 0;
  }
}
