import { Debouncer, Sequencer, type Clock } from '@/base/async';
import { ownCopy } from '@/base/bytes';
import { DisposableStore, type Disposable } from '@/base/disposable';
import { movedPath } from '@/base/paths';
import type { FileEvent, WorkspaceFiles } from '@/platform/files';
import type { FileChange } from '@/protocol';

type Waiting = { readonly kind: 'write'; readonly path: string } | Exclude<FileChange, { kind: 'write' }>;

/** Brings changes of the working copy to the engine: 300 ms after the last one, or when asked. */
export class FileMirror implements Disposable {
  private waiting: Waiting[] = [];
  private readonly timer: Debouncer;
  private readonly sequence = new Sequencer();
  private readonly held = new DisposableStore();
  private enabled = false;

  constructor(
    private readonly files: WorkspaceFiles,
    private readonly send: (changes: readonly FileChange[], transfer: readonly Transferable[]) => Promise<unknown>,
    clock: Clock,
  ) {
    this.timer = this.held.add(new Debouncer(clock, () => void this.flush().catch(() => undefined), 300, 1000));
    this.held.add(files.onChange((event) => this.heard(event)));
  }

  /** From now on changes are collected: the engine is being given the whole tree. */
  begin(): void {
    this.waiting = [];
    this.enabled = true;
  }

  /** The engine is gone; the next one gets the whole tree. */
  end(): void {
    this.enabled = false;
    this.waiting = [];
    this.timer.cancel();
  }

  /** Ends when the engine has everything up to now. */
  flush(): Promise<void> {
    this.timer.cancel();
    return this.sequence.run(() => this.sendWaiting());
  }

  dispose(): void {
    this.held.dispose();
  }

  private heard(event: FileEvent): void {
    if (!this.enabled || event.origin === 'engine') return;
    if (event.kind === 'move') {
      this.waiting.push({ kind: 'move', path: event.path, to: event.to });
      // what was written but not sent is now at its new place
      for (const change of [...this.waiting]) {
        const to = change.kind === 'write' ? movedPath(change.path, event.path, event.to) : null;
        if (to !== null) this.waiting.push({ kind: 'write', path: to });
      }
    } else if (event.kind !== 'write') {
      this.waiting.push({ kind: event.kind, path: event.path });
    } else if (!this.isLastWrite(event.path)) {
      this.waiting.push({ kind: 'write', path: event.path });
    }
    this.timer.trigger();
  }

  private isLastWrite(path: string): boolean {
    const last = this.waiting.findLast((change) => change.path === path || change.kind === 'move' || change.kind === 'delete');
    return last?.kind === 'write';
  }

  private async sendWaiting(): Promise<void> {
    if (!this.enabled || this.waiting.length === 0) return;
    const waiting = this.waiting.splice(0);
    const changes: FileChange[] = [];
    const transfer: Transferable[] = [];
    for (const change of waiting) {
      if (change.kind !== 'write') changes.push(change);
      else if (this.files.get(change.path)?.kind === 'file') {
        const bytes = await this.files.readBytes(change.path).catch(() => null);
        if (bytes === null) continue;
        const copy = ownCopy(bytes);
        changes.push({ kind: 'write', path: change.path, bytes: copy });
        transfer.push(copy.buffer);
      }
    }
    if (changes.length > 0) await this.send(changes, transfer);
  }
}
