import { Debouncer, type Clock } from '@/base/async';
import type { Disposable } from '@/base/disposable';
import type { ChangeQueue, PendingChange } from './change-queue';
import type { Journal, JournalRecord } from './journal';

/** Keeps the journal equal to the queue, at most 200 ms late. */
export class JournalKeeper implements Disposable {
  private readonly timer: Debouncer;
  private readonly kept = new Map<number, number>();
  private writing: Promise<void> = Promise.resolve();
  private failed = false;

  constructor(
    private readonly queue: ChangeQueue,
    private readonly journal: Journal,
    clock: Clock,
    adopted: readonly JournalRecord[],
  ) {
    this.timer = new Debouncer(clock, () => void this.write(), 100, 200);
    for (const record of adopted) this.kept.set(record.id, 0);
  }

  changed(): void {
    this.timer.trigger();
  }

  /** Whether a crash now would lose something: the journal did not take the last changes. */
  get isBroken(): boolean {
    return this.failed && this.queue.size > 0;
  }

  /** Ends when the journal holds what is in the queue now. */
  flush(): Promise<void> {
    this.timer.cancel();
    return this.write();
  }

  dispose(): void {
    this.timer.flush();
    void this.writing.then(() => this.journal.close());
  }

  private write(): Promise<void> {
    this.writing = this.writing.then(() => this.writeNow());
    return this.writing;
  }

  private async writeNow(): Promise<void> {
    const entries = this.queue.all();
    const changed = entries.filter((entry) => this.kept.get(entry.id) !== entry.version);
    const present = new Set(entries.map((entry) => entry.id));
    const gone = [...this.kept.keys()].filter((id) => !present.has(id));
    if (changed.length === 0 && gone.length === 0) return;
    const versions = changed.map((entry) => [entry.id, entry.version] as const);
    try {
      await this.journal.update(changed.map(toRecord), gone);
      for (const [id, version] of versions) this.kept.set(id, version);
      for (const id of gone) this.kept.delete(id);
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }
}

function toRecord({ id, change }: PendingChange): JournalRecord {
  return {
    id,
    op: change.op,
    path: change.path,
    to: change.op === 'move' ? change.to : null,
    bytes: change.op === 'write' ? change.content.bytes() : null,
    ifRevision: change.op === 'write' || change.op === 'delete' ? change.ifRevision : null,
  };
}
