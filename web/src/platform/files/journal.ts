/** A pending change as it is kept on this machine. */
export interface JournalRecord {
  readonly id: number;
  readonly op: 'write' | 'delete' | 'move' | 'folder';
  readonly path: string;
  readonly to: string | null;
  readonly bytes: Uint8Array | null;
  readonly ifRevision: number | null;
}

/** Keeps pending changes over a crash of the tab. */
export interface Journal {
  /** Changes that ended sessions left behind, in their order; they belong to this session from now on. */
  adopt(): Promise<readonly JournalRecord[]>;
  /** Ends when the records are durable. */
  update(put: readonly JournalRecord[], remove: readonly number[]): Promise<void>;
  close(): void;
}
