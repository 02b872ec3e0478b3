// Emscripten's file system in memory, as far as the engine walks it: nodes are read directly, because a scan of some
// thousand files through the public calls would take too long to be done while a program runs.
export interface MemoryNode {
  readonly mode: number;
  readonly mtime: number;
  readonly usedBytes?: number;
  /** Names of a folder; bytes of a file. */
  readonly contents: Readonly<Record<string, MemoryNode>> | Uint8Array | null;
}

/** Called by the file system whenever a program touches a file; absent handlers are skipped. */
export interface TrackingDelegate {
  onWriteToFile?: (path: string, bytes: number) => void;
  onCloseFile?: (path: string) => void;
  onOpenFile?: (path: string, flags: number) => void;
  onMakeDirectory?: (path: string) => void;
  onMovePath?: (from: string, to: string) => void;
  onDeletePath?: (path: string) => void;
}

export interface MemoryFileSystem {
  readonly trackingDelegate: TrackingDelegate;
  lookupPath(path: string): { readonly node: MemoryNode };
  analyzePath(path: string): { readonly exists: boolean };
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  mkdirTree(path: string): void;
  writeFile(path: string, data: Uint8Array, options?: { canOwn?: boolean }): void;
  readFile(path: string): Uint8Array;
  readdir(path: string): string[];
  rename(from: string, to: string): void;
  rmdir(path: string): void;
  unlink(path: string): void;
  chdir(path: string): void;
}
