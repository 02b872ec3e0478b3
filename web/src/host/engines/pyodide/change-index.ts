// What the files of a tree looked like at the last scan, and what is different now. Pure: it knows no file system.
export interface Seen {
  readonly kind: 'file' | 'folder';
  readonly size: number;
  readonly mtime: number;
}

export type Difference =
  | { readonly kind: 'write'; readonly path: string; readonly size: number }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'delete'; readonly path: string };

/** Names that never leave the place where they were made, at any depth. */
const NEVER_SYNCED = new Set(['node_modules', '.git', 'dist', 'build', '.venv', '__pycache__', '.env']);

export function isSynced(path: string): boolean {
  return path.split('/').every((name) => !NEVER_SYNCED.has(name));
}

export function isSyncedName(name: string): boolean {
  return !NEVER_SYNCED.has(name);
}

export class ChangeIndex {
  #seen = new Map<string, Seen>();

  /** `touched`: files that were written although size and time may be as before. */
  compare(now: ReadonlyMap<string, Seen>, touched: ReadonlySet<string>): Difference[] {
    const differences: Difference[] = [];
    const gone = [...this.#seen.keys()].filter((path) => now.get(path)?.kind !== this.#seen.get(path)?.kind).sort();
    let deleted = '\0';
    for (const path of gone) {
      // A folder goes with all that was in it.
      if (!path.startsWith(`${deleted}/`)) {
        differences.push({ kind: 'delete', path });
        deleted = path;
      }
    }
    for (const [path, entry] of [...now].sort(byPath)) {
      const before = this.#seen.get(path);
      if (entry.kind === 'folder') {
        if (before?.kind !== 'folder') {
          differences.push({ kind: 'folder', path });
        }
      } else if (before?.kind !== 'file' || before.size !== entry.size || before.mtime !== entry.mtime || touched.has(path)) {
        differences.push({ kind: 'write', path, size: entry.size });
      }
    }
    this.#seen = new Map(now);
    return differences;
  }

  /** Takes the present state as known: nothing in it is a change. */
  accept(now: ReadonlyMap<string, Seen>): void {
    this.#seen = new Map(now);
  }
}

function byPath([a]: readonly [string, Seen], [b]: readonly [string, Seen]): number {
  return a < b ? -1 : Number(a > b);
}
