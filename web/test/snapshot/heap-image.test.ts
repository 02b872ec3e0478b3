import { describe, expect, it } from 'vitest';
import { ContainerError, readContainer, writeContainer } from '@/host/engines/pyodide/container';
import { checksumOf } from '@/host/engines/pyodide/checksum';
import { decodeHeap, encodeHeap, openHeap, requireSameFreshMemory } from '@/host/engines/pyodide/heap-image';

const PAGE = 4096;

/** A memory of pages, each filled with one number. */
const memory = (...pages: number[]) => Uint8Array.from({ length: pages.length * PAGE }, (_, i) => pages[Math.floor(i / PAGE)] ?? 0);

/** What Pyodide's makeMemorySnapshot gives. */
function snapshotOf(heap: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode('{"hiwireKeys":[null],"immortalKeys":[]}');
  const heapAt = 48 + Math.ceil(json.length / 16) * 16;
  const snapshot = new Uint8Array(heapAt + heap.length);
  new Uint32Array(snapshot.buffer).set([0x706e7300, heapAt, json.length, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  snapshot.set(json, 48);
  snapshot.set(heap, heapAt);
  return snapshot;
}

describe('a heap image', () => {
  const fresh = memory(1, 2, 0, 4);
  const otherFresh = memory(1, 9, 0, 4);
  const heap = memory(1, 2, 3, 0, 0, 6);

  it('makes a fresh memory the recorded one', () => {
    const image = decodeHeap(encodeHeap(snapshotOf(heap), fresh, otherFresh));
    const session = new Uint8Array(heap.length);
    session.set(otherFresh);

    requireSameFreshMemory(image, session);
    image.fill(session);

    expect(Buffer.compare(session, heap)).toBe(0);
    expect(image.bridge).toEqual({ hiwireKeys: [null], immortalKeys: [] });
    expect(image.buildId).toBe([1, 2, 3, 4, 5, 6, 7, 8].map((word) => word.toString(16).padStart(8, '0')).join(''));
  });

  it('comes the same out of a file, which is closed then', () => {
    const bytes = encodeHeap(snapshotOf(heap), fresh, otherFresh);
    let isClosed = false;
    const file = {
      read: (target: Uint8Array, from: number) => { target.set(bytes.subarray(from, from + target.length)); },
      close: () => { isClosed = true; },
    };
    const asset = { file: 'plot.heap', bytes: bytes.length, compressedBytes: 1, sha256: 'ab', checksum: checksumOf(bytes) };
    const session = new Uint8Array(heap.length);
    session.set(otherFresh);

    openHeap(file, asset).fill(session);

    expect([Buffer.compare(session, heap), isClosed]).toEqual([0, true]);
    expect(() => { openHeap(file, { ...asset, checksum: asset.checksum ^ 1 }).fill(session); }).toThrow('plot.heap is damaged');
    expect(() => openHeap(file, { ...asset, bytes: asset.bytes - PAGE })).toThrow(ContainerError);
  });

  it('stores neither empty pages nor those that two starts have alike', () => {
    const image = decodeHeap(encodeHeap(snapshotOf(heap), fresh, otherFresh));

    expect(image.runs).toEqual([[PAGE, 3 * PAGE], [5 * PAGE, PAGE]]);
    expect(image.kept).toEqual([[0, PAGE]]);
  });

  it('notices a start that is not like the recorded one', () => {
    const image = decodeHeap(encodeHeap(snapshotOf(heap), fresh, otherFresh));

    expect(() => { requireSameFreshMemory(image, memory(5, 2, 0, 4)); }).toThrow('static data');
  });

  it('is refused with another layout, overlapping parts or a length that does not fit', () => {
    const other = snapshotOf(heap);
    other[0] = 1;
    expect(() => encodeHeap(other, fresh, fresh)).toThrow('layout');

    const { header, payload } = readContainer(encodeHeap(snapshotOf(heap), fresh, fresh));
    const changes = [
      { runs: [[0, PAGE], [PAGE - 1, PAGE]] }, { runs: [[0, heap.length + 1]] }, { runs: [[-PAGE, PAGE]] }, { runs: [[0, 0]] },
      { runs: [] }, { runs: 'none' }, { kept: [[0, 9 * PAGE]] }, { heapBytes: '6' }, { buildId: null }, { bridge: null },
    ];
    for (const change of changes) {
      expect(() => decodeHeap(writeContainer({ ...header as object, ...change }, [payload])), JSON.stringify(change)).toThrow(ContainerError);
    }
  });
});
