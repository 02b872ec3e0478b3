/**
 * Files that exist at once and whose bytes come when somebody reads them: most of site-packages is sources of modules
 * that are imported already, and decompressing them before the first output would double its time.
 */
import type { FileNode, FileSystem } from './emscripten';
import type { AbsentFile, PackedFile } from './file-pack';

/** Many absent files, with the bytes of all of them behind one answer. */
export class LazyFiles {
  readonly #fetchNow: () => readonly PackedFile[];
  #bytes: ReadonlyMap<string, Uint8Array> | undefined;

  /** `fetchNow` blocks until the files are there; it is called until it once succeeds, and not after `supply`. */
  constructor(fetchNow: () => readonly PackedFile[]) {
    this.#fetchNow = fetchNow;
  }

  /** Gives the bytes before anybody had to wait for them. */
  supply(files: readonly PackedFile[]): void {
    this.#bytes ??= new Map(files.map(({ path, bytes }) => [path, bytes]));
  }

  declare(fs: FileSystem, folder: string, files: readonly AbsentFile[]): void {
    const folders = new Map<string, FileNode>();
    for (const { path, length } of files) {
      const slash = path.lastIndexOf('/');
      const place = slash < 0 ? folder : `${folder}/${path.slice(0, slash)}`;
      const parent = folders.get(place) ?? openFolder(fs, place);
      folders.set(place, parent);
      // As the file system does it behind its paths; there are thousands of these files, and looking them up takes longer.
      const node = parent.node_ops.mknod(parent, path.slice(slash + 1), REGULAR_FILE, 0);
      this.#defer(fs, node, path, length);
    }
  }

  /** The in-memory file system reads `contents` and `usedBytes` of a node, and sets `contents` when it is written. */
  #defer(fs: FileSystem, node: FileNode, path: string, length: number): void {
    const settle = (contents: Uint8Array | null) => {
      Object.defineProperty(node, 'contents', { value: contents, writable: true, enumerable: true, configurable: true });
    };
    Object.defineProperty(node, 'contents', {
      enumerable: true,
      configurable: true,
      get: () => {
        const contents = this.#read(fs, path, length);
        settle(contents);
        return contents;
      },
      set: settle,
    });
    node.usedBytes = length;
  }

  /** Any other error than the file system's own would end the interpreter. */
  #read(fs: FileSystem, path: string, length: number): Uint8Array {
    try {
      if (this.#bytes === undefined) {
        this.supply(this.#fetchNow());
      }
    } catch (error) {
      console.error(error);
    }
    const bytes = this.#bytes?.get(path);
    if (bytes?.length !== length) {
      throw new fs.ErrnoError(INPUT_OUTPUT_ERROR);
    }
    return bytes;
  }
}

/** EIO, as Emscripten numbers it. */
const INPUT_OUTPUT_ERROR = 29;
/** Readable and writable by all. */
const REGULAR_FILE = 0o100666;

function openFolder(fs: FileSystem, path: string): FileNode {
  fs.mkdirTree(path);
  return fs.lookupPath(path).node;
}
