/**
 * The parts of a snapshot that the next start needs, kept uncompressed in the origin's private file system: read from
 * there straight into place they take a fifth of the time that the same file takes through the HTTP cache.
 *
 * A convenience: whatever goes wrong here (no such file system, no room, another tab at work), the part is fetched.
 */
import { checksumOf } from './checksum';
import type { Asset } from './snapshot-format';

const FOLDER = 'cloche-snapshot';
/** Nothing is kept where it would take more than this part of the room that is left. */
const SHARE = 0.25;

/** A file open for reading; only workers can have one. */
export interface KeptFile {
  /** Fills `target` with the bytes from `from` on. */
  read(target: Uint8Array, from: number): void;
  close(): void;
}

/** Some browsers do not know modes yet and lock the file, which only means that a second tab fetches. */
type Openable = FileSystemFileHandle & {
  createSyncAccessHandle(options: { mode: 'read-only' }): Promise<FileSystemSyncAccessHandle>;
};

export async function openKept(asset: Asset): Promise<KeptFile | undefined> {
  try {
    const folder = await openFolder(false);
    const file = await folder.getFileHandle(asset.file) as Openable;
    const access = await file.createSyncAccessHandle({ mode: 'read-only' });
    if (access.getSize() !== asset.bytes) {
      access.close();
      return undefined;
    }
    return {
      read: (target, from) => {
        if (access.read(target as Uint8Array<ArrayBuffer>, { at: from }) !== target.length) {
          throw new Error(`${asset.file} is cut off`);
        }
      },
      close: () => { access.close(); },
    };
  } catch {
    return undefined;
  }
}

/** All bytes of a kept part, when it is there and whole. */
export async function readKept(asset: Asset): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const file = await openKept(asset);
  if (file === undefined) {
    return undefined;
  }
  try {
    const bytes = new Uint8Array(asset.bytes);
    file.read(bytes, 0);
    return checksumOf(bytes) === asset.checksum ? bytes : undefined;
  } catch {
    return undefined;
  } finally {
    file.close();
  }
}

/** Keeps these parts, and forgets all others but those named. */
export async function keepOnly(parts: ReadonlyMap<Asset, Uint8Array<ArrayBuffer>>, others: readonly Asset[]): Promise<void> {
  try {
    const folder = await openFolder(true);
    const wanted = new Set([...parts.keys(), ...others].map(({ file }) => file));
    for await (const name of folder.keys()) {
      if (!wanted.has(name)) {
        await folder.removeEntry(name).catch(() => undefined);
      }
    }
    const size = [...parts.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    if (size > (quota - usage) * SHARE) {
      return;
    }
    for (const [{ file }, bytes] of parts) {
      // It takes the place of the file when it is closed, and never half-written.
      const stream = await (await folder.getFileHandle(file, { create: true })).createWritable();
      await stream.write(bytes);
      await stream.close();
    }
  } catch {
    // The next start fetches again.
  }
}

/** Forgets a part that turned out to be damaged. */
export async function forgetKept(assets: readonly Asset[]): Promise<void> {
  try {
    const folder = await openFolder(false);
    await Promise.all(assets.map(({ file }) => folder.removeEntry(file).catch(() => undefined)));
  } catch {
    // Nothing was kept.
  }
}

async function openFolder(create: boolean): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create });
}
