/**
 * A heap image is what a running interpreter has in its memory beyond what every start puts there: the pages that
 * differ from the fresh memory (static data of the runtime and of the libraries in place, Python not started). Empty
 * pages and equal pages are not stored, which is less to send, to decompress and to copy.
 */
import { Checksum } from './checksum';
import { ContainerError, readContainer, readContainerHead, writeContainer } from './container';
import type { KeptFile } from './kept-assets';
import type { Asset } from './snapshot-format';

const PAGE = 4096;

/** What the bridge between Python and JavaScript held when the memory was taken (Pyodide's own record, JSON). */
export type BridgeState = Readonly<Record<string, unknown>>;

/** [address, length] in bytes, page by page. */
type Run = readonly [number, number];

export interface HeapImage {
  /** Pyodide's digest of the runtime files; memory of another build must not be restored. */
  readonly buildId: string;
  readonly heapBytes: number;
  readonly bridge: BridgeState;
  /** Parts to be written, ascending; the payload is their bytes. */
  readonly runs: readonly Run[];
  /** Parts of the fresh memory that are used as they are, and their checksum. */
  readonly kept: readonly Run[];
  readonly keptChecksum: number;
  /** Writes the runs into the memory, which is as long as the image. Throws when the image is damaged. */
  readonly fill: (memory: Uint8Array) => void;
}

type Header = Omit<HeapImage, 'fill'>;

/** Snapshot of Pyodide 314: magic, offset of the heap, length of the JSON, 0, build id (8 words), JSON, heap. */
const PYODIDE_JSON_AT = 48;
const PYODIDE_MAGIC = 0x706e7300;

/**
 * `snapshot` as Pyodide gives it; `fresh` is the memory of the same run before Python started, `otherFresh` that of
 * another start with other random numbers: the allocator keeps some, and pages with them must come from one run.
 */
export function encodeHeap(snapshot: Uint8Array, fresh: Uint8Array, otherFresh: Uint8Array): Uint8Array {
  const words = new Uint32Array(snapshot.buffer, snapshot.byteOffset, PYODIDE_JSON_AT / 4);
  const [magic = 0, heapAt = 0, jsonLength = 0] = words;
  if (magic !== PYODIDE_MAGIC) {
    throw new ContainerError(`unknown snapshot layout 0x${magic.toString(16)}`);
  }
  const json = new TextDecoder().decode(snapshot.subarray(PYODIDE_JSON_AT, PYODIDE_JSON_AT + jsonLength));
  const buildId = Array.from(words.subarray(4), (word) => word.toString(16).padStart(8, '0')).join('');
  const heap = snapshot.subarray(heapAt);
  const { runs, kept } = compare(heap, fresh, otherFresh);
  const header = {
    buildId,
    heapBytes: heap.length,
    bridge: JSON.parse(json) as BridgeState,
    runs,
    kept,
    keptChecksum: checksumOfRuns(fresh, kept),
  };
  return writeContainer(header, runs.map(([at, length]) => heap.subarray(at, at + length)));
}

export function decodeHeap(bytes: Uint8Array): HeapImage {
  const { header, payload } = readContainer(bytes);
  const checked = checkHeader(header, payload.length);
  return {
    ...checked,
    fill: (memory) => {
      eachRun(checked, (at, length, from) => { memory.set(payload.subarray(from, from + length), at); });
    },
  };
}

/** An image in a file: its runs are read straight into the memory, and its checksum taken from there. */
export function openHeap(file: KeptFile, asset: Asset): HeapImage {
  const { header, bytes } = readContainerHead((target, from) => { file.read(target, from); }, asset.bytes);
  const checked = checkHeader(header, asset.bytes - bytes.length);
  return {
    ...checked,
    fill: (memory) => {
      const checksum = new Checksum();
      checksum.add(new Int32Array(bytes.buffer), 0, bytes.length >> 2);
      const words = new Int32Array(memory.buffer, memory.byteOffset, memory.length >> 2);
      eachRun(checked, (at, length, from) => {
        file.read(memory.subarray(at, at + length), bytes.length + from);
        checksum.add(words, at >> 2, (at + length) >> 2);
      });
      file.close();
      if (checksum.value !== asset.checksum) {
        throw new Error(`${asset.file} is damaged`);
      }
    },
  };
}

function checkHeader(header: unknown, payload: number): Header {
  if (!isHeader(header)) {
    throw new ContainerError('the header of the heap image is not valid');
  }
  checkRuns(header.kept, header.heapBytes);
  const stored = checkRuns(header.runs, header.heapBytes);
  if (stored !== payload) {
    throw new ContainerError(`a heap image of ${stored} bytes came with ${payload}`);
  }
  return header;
}

/** `from` counts the bytes of the payload before the run. */
function eachRun({ runs }: Header, visit: (at: number, length: number, from: number) => void): void {
  let from = 0;
  for (const [at, length] of runs) {
    visit(at, length, from);
    from += length;
  }
}

/** Answers their length in all. */
function checkRuns(runs: readonly Run[], heapBytes: number): number {
  let end = 0;
  let total = 0;
  for (const [at, length] of runs) {
    if (at < end || length <= 0 || at + length > heapBytes) {
      throw new ContainerError('the runs of the heap image overlap or leave the heap');
    }
    end = at + length;
    total += length;
  }
  return total;
}

/** Throws when the fresh memory is not like the one that the image was compared with. */
export function requireSameFreshMemory(image: HeapImage, memory: Uint8Array): void {
  if (checksumOfRuns(memory, image.kept) !== image.keptChecksum) {
    throw new Error('the static data in the fresh memory is not as it was recorded');
  }
}

function compare(heap: Uint8Array, fresh: Uint8Array, otherFresh: Uint8Array): { runs: Run[]; kept: Run[] } {
  const runs: [number, number][] = [];
  const kept: [number, number][] = [];
  const page = (memory: Uint8Array, at: number) =>
    new Uint32Array(memory.buffer, memory.byteOffset + at, Math.max(0, Math.min(PAGE, memory.length - at)) / 4);
  for (let at = 0; at < heap.length; at += PAGE) {
    const now = page(heap, at);
    const starts = [fresh, otherFresh].map((memory) => page(memory, Math.min(at, memory.length)));
    if (starts.some((start) => now.some((word, i) => word !== (start[i] ?? 0)))) {
      append(runs, at, now.byteLength);
    } else if (now.some((word) => word !== 0)) {
      append(kept, at, now.byteLength);
    }
  }
  return { runs, kept };
}

function append(runs: [number, number][], at: number, length: number): void {
  const last = runs.at(-1);
  if (last !== undefined && last[0] + last[1] === at) {
    last[1] += length;
  } else {
    runs.push([at, length]);
  }
}

function checksumOfRuns(memory: Uint8Array, runs: readonly Run[]): number {
  const words = new Int32Array(memory.buffer, memory.byteOffset, memory.length >> 2);
  const checksum = new Checksum();
  for (const [at, length] of runs) {
    checksum.add(words, at >> 2, (at + length) >> 2);
  }
  return checksum.value;
}

function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const { buildId, heapBytes, bridge, runs, kept, keptChecksum } = value as Record<string, unknown>;
  return typeof buildId === 'string'
    && Number.isSafeInteger(heapBytes)
    && Number.isSafeInteger(keptChecksum)
    && typeof bridge === 'object' && bridge !== null
    && isRuns(runs)
    && isRuns(kept);
}

function isRuns(value: unknown): value is readonly Run[] {
  return Array.isArray(value)
    && value.every((run: unknown) => Array.isArray(run) && run.length === 2 && run.every((n) => Number.isSafeInteger(n)));
}
