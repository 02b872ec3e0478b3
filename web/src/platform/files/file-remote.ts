import type { Disposable } from '@/base/disposable';

/** An entry of the server's tree. */
export interface RemoteEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly size: number;
  readonly revision: number;
  readonly digest: string | null;
}

export interface RemoteTree {
  readonly revision: number;
  readonly files: readonly RemoteEntry[];
}

/** A change as it is sent. `ifRevision` 0: the file must not exist. */
export type RemoteChange =
  | { readonly op: 'write'; readonly path: string; readonly bytes: Uint8Array; readonly ifRevision: number | null }
  | { readonly op: 'delete'; readonly path: string; readonly ifRevision: number | null }
  | { readonly op: 'move'; readonly path: string; readonly to: string }
  | { readonly op: 'folder'; readonly path: string };

export interface RemoteListener {
  onRevision(revision: number): void;
  /** The line to the server came back. */
  onConnected(): void;
}

/** The server's side of a workspace's files. Fails with RemoteFailure only. */
export interface FileRemote {
  tree(): Promise<RemoteTree>;
  read(path: string): Promise<{ readonly bytes: Uint8Array; readonly revision: number }>;
  /** All contents of a revision. */
  archive(revision: number): Promise<ReadonlyMap<string, Uint8Array>>;
  /** All or none, as one revision. */
  change(changes: readonly RemoteChange[]): Promise<RemoteTree>;
  watch(listener: RemoteListener): Disposable;
}

/**
 * Why the server did not do it: `offline` and `busy` pass by themselves, `stale` means the server has something newer
 * than the change was made from, `signed-out` needs a person, `refused` will not pass.
 */
export type FailureKind = 'offline' | 'busy' | 'stale' | 'missing' | 'signed-out' | 'refused';

export class RemoteFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
  ) {
    super(message);
  }
}
