/**
 * A snapshot on its way from the server: its parts are fetched together and used as they come.
 */
import type { FileSystem } from './emscripten';
import { fetchAsset, fetchAssetNow } from './fetch-asset';
import { readFilePack, type FilePack, type PackedFile } from './file-pack';
import { decodeHeap, openHeap, type HeapImage } from './heap-image';
import { forgetKept, keepOnly, openKept, readKept, type KeptFile } from './kept-assets';
import { LazyFiles } from './lazy-files';
import type { CompiledLibrary } from './side-modules';
import type { Asset, SnapshotManifest } from './snapshot-format';
import { SITE_PACKAGES, writeFiles } from './start';

/** A snapshot to boot from, and the absolute URL of the folder of its files (with a slash at its end). */
export interface SnapshotSource {
  readonly manifest: SnapshotManifest;
  readonly baseUrl: string;
}

/** What the start itself does not need waits until the first program has had its chance to start. */
const SETTLE_DELAY_MS = 1500;

const NOTHING: FilePack = { files: [], absent: [] };

export class FetchedSnapshot {
  readonly heap: Promise<HeapImage>;
  readonly libraries: Promise<readonly CompiledLibrary[]>;
  readonly #source: SnapshotSource;
  readonly #code: Promise<FilePack>;
  readonly #files: Promise<FilePack>;
  /** Came over the network, and are not kept yet. */
  readonly #fetched = new Map<Asset, Uint8Array<ArrayBuffer>>();
  readonly #progress: (count: number) => void;
  #rest: LazyFiles | undefined;
  #kept: KeptFile | undefined;

  constructor(source: SnapshotSource, onProgress?: (done: number, total: number) => void) {
    const { heap, code, files } = source.manifest;
    const total = partsOf(source.manifest).reduce((sum, { bytes }) => sum + bytes, 0);
    let done = 0;
    this.#progress = (count) => {
      done += count;
      onProgress?.(done, total);
    };
    this.#source = source;
    this.#code = this.#pack(code);
    this.heap = this.#heap(heap);
    this.#files = this.#pack(files);
    this.libraries = this.#code.then((found) => Promise.all(found.files.map(compileLibrary)));
    for (const part of [this.#code, this.heap, this.#files, this.libraries]) {
      // Each is awaited later; until then a failure must not count as unhandled.
      part.catch(() => undefined);
    }
  }

  /** Puts the packages' files in place. Libraries that are linked already need no bytes, only a name to be found by. */
  async install(fs: FileSystem, libraries: 'linked' | 'as files'): Promise<void> {
    const [code, files] = await Promise.all([this.#code, this.#files]);
    writeFiles(fs, libraries === 'linked' ? code.files.map(({ path }) => ({ path, bytes: EMPTY })) : code.files);
    writeFiles(fs, files.files);
    const { manifest: { rest }, baseUrl } = this.#source;
    if (rest !== undefined) {
      this.#rest = new LazyFiles(() => readFilePack(fetchAssetNow(rest, baseUrl)).files);
      this.#rest.declare(fs, SITE_PACKAGES, files.absent);
    }
  }

  /** After a start, when the session has had time to run something: gets what is still missing, keeps what was fetched. */
  async settle(): Promise<void> {
    await new Promise((resolve) => { setTimeout(resolve, SETTLE_DELAY_MS); });
    const { manifest: { rest }, baseUrl } = this.#source;
    if (this.#rest !== undefined && rest !== undefined) {
      await supplyRest(this.#rest, rest, baseUrl);
    }
    if (this.#fetched.size > 0) {
      await keepOnly(this.#fetched, partsOf(this.#source.manifest));
      this.#fetched.clear();
    }
  }

  /** The next start is to fetch everything anew. */
  async forget(): Promise<void> {
    this.#fetched.clear();
    this.#kept?.close();
    await forgetKept(partsOf(this.#source.manifest));
  }

  async #heap(asset: Asset): Promise<HeapImage> {
    this.#kept = await openKept(asset);
    if (this.#kept === undefined) {
      return decodeHeap(await this.#fetch(asset));
    }
    this.#progress(asset.bytes);
    return openHeap(this.#kept, asset);
  }

  async #pack(asset: Asset | undefined): Promise<FilePack> {
    if (asset === undefined) {
      return NOTHING;
    }
    const kept = await readKept(asset);
    if (kept === undefined) {
      return readFilePack(await this.#fetch(asset));
    }
    this.#progress(asset.bytes);
    return readFilePack(kept);
  }

  async #fetch(asset: Asset): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await fetchAsset(asset, this.#source.baseUrl, this.#progress);
    this.#fetched.set(asset, bytes);
    return bytes;
  }
}

/** What a start waits for. */
function partsOf({ heap, code, files }: SnapshotManifest): readonly Asset[] {
  return [heap, code, files].filter((asset) => asset !== undefined);
}

async function supplyRest(lazy: LazyFiles, rest: Asset, baseUrl: string): Promise<void> {
  try {
    lazy.supply(readFilePack(await fetchAsset(rest, baseUrl, () => undefined)).files);
  } catch {
    // Who reads one of the files tries again, and hears of it.
  }
}

async function compileLibrary({ path, bytes }: PackedFile): Promise<CompiledLibrary> {
  return { path: `${SITE_PACKAGES}/${path}`, module: await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>) };
}

const EMPTY = new Uint8Array(0);
