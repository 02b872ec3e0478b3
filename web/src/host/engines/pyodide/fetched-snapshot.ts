/**
 * A snapshot on its way from the server: its parts are fetched together and used as they come.
 */
import type { FileSystem } from './emscripten';
import { fetchAsset, fetchAssetNow } from './fetch-asset';
import { readFilePack, type FilePack, type PackedFile } from './file-pack';
import { decodeHeap, type HeapImage } from './heap-image';
import { LazyFiles } from './lazy-files';
import type { CompiledLibrary } from './side-modules';
import type { Asset, SnapshotManifest } from './snapshot-format';
import { SITE_PACKAGES, writeFiles } from './start';

/** A snapshot to boot from, and the absolute URL of the folder of its files (with a slash at its end). */
export interface SnapshotSource {
  readonly manifest: SnapshotManifest;
  readonly baseUrl: string;
}

/** The rest of the files is fetched when the first program has had its chance to start. */
const REST_DELAY_MS = 1500;

const NOTHING: FilePack = { files: [], absent: [] };

export class FetchedSnapshot {
  readonly heap: Promise<HeapImage>;
  readonly libraries: Promise<readonly CompiledLibrary[]>;
  readonly #source: SnapshotSource;
  readonly #code: Promise<FilePack>;
  readonly #files: Promise<FilePack>;

  constructor(source: SnapshotSource, onProgress?: (done: number, total: number) => void) {
    const { heap, code, files } = source.manifest;
    const total = [heap, code, files].reduce((sum, asset) => sum + (asset?.bytes ?? 0), 0);
    let done = 0;
    const get = (asset: Asset) => fetchAsset(asset, source.baseUrl, (count) => {
      done += count;
      onProgress?.(done, total);
    });
    const pack = async (asset: Asset | undefined) => (asset === undefined ? NOTHING : readFilePack(await get(asset)));
    this.#source = source;
    this.#code = pack(code);
    this.heap = get(heap).then((bytes) => decodeHeap(bytes));
    this.#files = pack(files);
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
      const lazy = new LazyFiles(() => readFilePack(fetchAssetNow(rest, baseUrl)).files);
      lazy.declare(fs, SITE_PACKAGES, files.absent);
      setTimeout(() => { void supplyRest(lazy, rest, baseUrl); }, REST_DELAY_MS);
    }
  }
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
