import { Backoff, Debouncer, deferred, type Clock, type Deferred } from '@/base/async';
import type { Disposable } from '@/base/disposable';
import { ValueStore } from '@/base/store';
import type { ChangeQueue, PendingChange } from './change-queue';
import { RemoteFailure, type FileRemote, type RemoteChange, type RemoteTree } from './file-remote';
import type { SaveState } from './file-types';

const mostChanges = 1000;
const mostBytes = 16 * 1024 * 1024;
const mostConflictRounds = 5;

/** What the saver needs of the working copy. */
export interface SaverHost {
  readonly queue: ChangeQueue;
  readonly remote: FileRemote;
  /** The server has committed these. */
  committed(entries: readonly PendingChange[], result: RemoteTree): void;
  /** Something on the server is newer; adapts the queue, or gives false if it found nothing to adapt. */
  resolve(entries: readonly PendingChange[]): Promise<boolean>;
  /** Whether the pending changes are safe on this machine. */
  isJournalled(): boolean;
}

/** Sends pending changes in order: after an idle time, at the latest after a longer one, or when asked. */
export class Saver implements Disposable {
  readonly state = new ValueStore<SaveState>({ state: 'saved' });
  private readonly timer: Debouncer;
  private readonly backoff = new Backoff();
  private retry: Disposable | null = null;
  private running: Promise<void> | null = null;
  private waiters: Deferred<void>[] = [];
  private disposed = false;

  constructor(
    private readonly host: SaverHost,
    private readonly clock: Clock,
    idle = 1000,
    atMost = 5000,
  ) {
    this.timer = new Debouncer(clock, () => void this.run(), idle, atMost);
  }

  configure(idle: number, atMost: number): void {
    this.timer.configure(idle, atMost);
  }

  /** Something new is in the queue. */
  changed(): void {
    const current = this.state.getState();
    const changes = this.host.queue.size;
    if (current.state === 'saved' || current.state === 'unsaved') this.state.set(changes === 0 ? { state: 'saved' } : { state: 'unsaved', changes });
    else if (current.state === 'offline' || current.state === 'refused') this.state.set({ ...current, changes });
    this.timer.trigger();
  }

  /** Sends now, also what was refused before; fails with the cause if it cannot. */
  save(): Promise<void> {
    for (const entry of this.host.queue.all()) entry.refused = null;
    this.timer.cancel();
    if (this.host.queue.size === 0) return this.running ?? Promise.resolve();
    const waiter = deferred<void>();
    this.waiters.push(waiter);
    this.backoff.reset();
    void this.run();
    return waiter.promise;
  }

  /** The line may be back: try at once. */
  wake(): void {
    if (this.retry === null) return;
    this.backoff.reset();
    void this.run();
  }

  get isSending(): boolean {
    return this.running !== null;
  }

  dispose(): void {
    this.disposed = true;
    this.timer.dispose();
    this.retry?.dispose();
  }

  private async run(): Promise<void> {
    if (this.running !== null || this.disposed) return this.running ?? undefined;
    this.retry?.dispose();
    this.retry = null;
    this.running = this.sendAll();
    try {
      await this.running;
    } finally {
      this.running = null;
    }
    this.settle();
  }

  private async sendAll(): Promise<void> {
    let conflicts = 0;
    for (;;) {
      const batch = nextBatch(this.host.queue.ready());
      if (batch.length === 0 || this.disposed) return;
      this.state.set({ state: 'saving', changes: this.host.queue.size });
      const failure = await this.send(batch);
      if (failure === null) {
        this.backoff.reset();
        conflicts = 0;
        continue;
      }
      if ((failure.kind === 'stale' || failure.kind === 'missing') && conflicts++ < mostConflictRounds) {
        try {
          if (await this.host.resolve(batch)) continue;
        } catch (error) {
          if (error instanceof RemoteFailure) return this.pause(error);
          throw error;
        }
      } else if (failure.kind !== 'stale' && failure.kind !== 'missing' && failure.kind !== 'refused') {
        return this.pause(failure);
      }
      await this.sendSingly(batch, failure);
    }
  }

  private async send(batch: readonly PendingChange[]): Promise<RemoteFailure | null> {
    for (const entry of batch) entry.inFlight = true;
    try {
      const result = await this.host.remote.change(batch.map(toRemote));
      this.host.committed(batch, result);
      return null;
    } catch (error) {
      if (error instanceof RemoteFailure) return error;
      return new RemoteFailure('busy', error instanceof Error ? error.message : String(error));
    } finally {
      for (const entry of batch) entry.inFlight = false;
    }
  }

  /** One change of a batch was refused for good: finds which, so that the others are not held up. */
  private async sendSingly(batch: readonly PendingChange[], failure: RemoteFailure): Promise<void> {
    const [first] = batch;
    if (batch.length === 1 && first !== undefined) {
      first.refused = failure.message;
      return;
    }
    for (const entry of batch) {
      const refusal = await this.send([entry]);
      if (refusal === null) continue;
      if (refusal.kind === 'offline' || refusal.kind === 'busy' || refusal.kind === 'signed-out') return;
      entry.refused = refusal.message;
    }
  }

  private pause(failure: RemoteFailure): void {
    this.state.set({ state: 'offline', changes: this.host.queue.size, kept: this.host.isJournalled(), cause: failure.message });
    this.retry = this.clock.after(this.backoff.next(), () => void this.run());
    this.fail(new Error(failure.message));
  }

  private settle(): void {
    if (this.retry !== null || this.disposed) return;
    const refused = this.host.queue.all().find((entry) => entry.refused !== null);
    const changes = this.host.queue.size;
    if (refused !== undefined) {
      this.state.set({ state: 'refused', changes, path: refused.change.path, cause: refused.refused ?? '' });
      this.fail(new Error(`${refused.change.path}: ${refused.refused ?? ''}`));
    } else if (changes === 0) {
      this.state.set({ state: 'saved' });
      for (const waiter of this.waiters.splice(0)) waiter.resolve();
    } else {
      this.state.set({ state: 'unsaved', changes });
      this.timer.trigger();
    }
  }

  private fail(error: Error): void {
    for (const waiter of this.waiters.splice(0)) waiter.reject(error);
  }
}

function nextBatch(ready: readonly PendingChange[]): PendingChange[] {
  const batch: PendingChange[] = [];
  let bytes = 0;
  for (const entry of ready) {
    const size = entry.change.op === 'write' ? entry.change.content.bytes().length : 0;
    if (batch.length >= mostChanges || (batch.length > 0 && bytes + size > mostBytes)) break;
    batch.push(entry);
    bytes += size;
  }
  return batch;
}

function toRemote({ change }: PendingChange): RemoteChange {
  switch (change.op) {
    case 'write':
      return { op: 'write', path: change.path, bytes: change.content.bytes(), ifRevision: change.ifRevision };
    case 'delete':
      return { op: 'delete', path: change.path, ifRevision: change.ifRevision };
    case 'move':
      return { op: 'move', path: change.path, to: change.to };
    case 'folder':
      return { op: 'folder', path: change.path };
  }
}
