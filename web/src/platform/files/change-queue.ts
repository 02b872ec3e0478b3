import { decodeText, encodeText } from '@/base/bytes';
import { isBelow } from '@/base/paths';
import type { NewContent } from './file-types';

/** The content of a pending write; an editor's text is read as late as possible. */
export class PendingContent {
  private source: NewContent;

  constructor(source: NewContent) {
    this.source = source;
  }

  bytes(): Uint8Array {
    if (!(this.source instanceof Uint8Array)) {
      this.source = encodeText(typeof this.source === 'string' ? this.source : this.source());
    }
    return this.source;
  }

  text(): string | null {
    return decodeText(this.bytes());
  }
}

export type ChangeOp =
  | { readonly op: 'write'; path: string; content: PendingContent; ifRevision: number | null }
  | { readonly op: 'delete'; readonly path: string; ifRevision: number | null }
  | { readonly op: 'move'; readonly path: string; to: string }
  | { readonly op: 'folder'; readonly path: string };

/** A change that the server has not acknowledged. */
export interface PendingChange {
  readonly id: number;
  readonly change: ChangeOp;
  inFlight: boolean;
  /** Set when the server refused it for good; it is kept, and tried again when a person asks. */
  refused: string | null;
  /** Counts changes of the entry itself, so that the journal knows what to write. */
  version: number;
}

/** The changes that the server has not acknowledged, in order. Writes to one file become one. */
export class ChangeQueue {
  private entries: PendingChange[] = [];
  private nextId: number;

  constructor(firstId = 1) {
    this.nextId = firstId;
  }

  get size(): number {
    return this.entries.length;
  }

  all(): readonly PendingChange[] {
    return this.entries;
  }

  /** What can be sent now. */
  ready(): PendingChange[] {
    return this.entries.filter((entry) => !entry.inFlight && entry.refused === null);
  }

  touches(path: string): boolean {
    return this.entries.some(({ change }) => touchesPath(change, path));
  }

  pendingContent(path: string): PendingContent | null {
    for (const { change } of [...this.entries].reverse()) {
      if (change.op === 'write' && change.path === path) return change.content;
      if (change.op !== 'folder' && touchesPath(change, path)) return null;
    }
    return null;
  }

  /** `base` is the revision that the new content was made from; it only counts if nothing pending comes before. */
  write(path: string, content: NewContent, base: number): void {
    const previous = this.lastTouching(path);
    if (previous?.change.op === 'write' && previous.change.path === path && !previous.inFlight) {
      previous.change.content = new PendingContent(content);
      previous.version++;
      previous.refused = null;
      return;
    }
    this.push({ op: 'write', path, content: new PendingContent(content), ifRevision: previous === undefined ? base : null });
  }

  folder(path: string): void {
    this.push({ op: 'folder', path });
  }

  move(path: string, to: string): void {
    this.push({ op: 'move', path, to });
  }

  /** `base` as for write; null for a folder. */
  remove(path: string, base: number | null): void {
    this.dropUnsentBelow(path);
    const previous = this.lastTouching(path);
    if (previous === undefined && base === 0) return;
    this.push({ op: 'delete', path, ifRevision: previous === undefined ? base : null });
  }

  push(change: ChangeOp): PendingChange {
    const entry: PendingChange = { id: this.nextId++, change, inFlight: false, refused: null, version: 1 };
    this.entries.push(entry);
    return entry;
  }

  drop(entry: PendingChange): void {
    this.entries = this.entries.filter((other) => other !== entry);
  }

  /** After a commit: later writes of these files were made from the revision that was just acknowledged. */
  acknowledge(done: readonly PendingChange[], revisionOf: (path: string) => number | undefined): void {
    this.entries = this.entries.filter((entry) => !done.includes(entry));
    for (const entry of this.entries) {
      const { change } = entry;
      if (change.op !== 'write' || change.ifRevision !== null || this.lastTouchingBefore(change.path, entry) !== undefined) continue;
      change.ifRevision = revisionOf(change.path) ?? null;
      entry.version++;
    }
  }

  private lastTouching(path: string): PendingChange | undefined {
    return this.entries.findLast(({ change }) => touchesPath(change, path));
  }

  private lastTouchingBefore(path: string, entry: PendingChange): PendingChange | undefined {
    return this.entries.slice(0, this.entries.indexOf(entry)).findLast(({ change }) => touchesPath(change, path));
  }

  /** Writes that were never sent and are deleted again need not be sent; up to the last move, which may rely on them. */
  private dropUnsentBelow(path: string): void {
    for (let at = this.entries.length - 1; at >= 0; at--) {
      const entry = this.entries[at];
      if (entry === undefined || entry.change.op === 'move') return;
      const isInside = entry.change.path === path || isBelow(entry.change.path, path);
      if (isInside && !entry.inFlight && entry.change.op !== 'delete') this.entries.splice(at, 1);
    }
  }
}

function touchesPath(change: ChangeOp, path: string): boolean {
  const covers = (at: string) => at === path || isBelow(path, at);
  return covers(change.path) || (change.op === 'move' && covers(change.to));
}
