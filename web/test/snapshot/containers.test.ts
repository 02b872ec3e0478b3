import { describe, expect, it } from 'vitest';
import { checksumOf } from '@/host/engines/pyodide/checksum';
import { ContainerError, readContainer, writeContainer } from '@/host/engines/pyodide/container';
import { readFilePack, writeFilePack } from '@/host/engines/pyodide/file-pack';

const bytes = (...values: number[]) => new Uint8Array(values);

describe('a container', () => {
  it('gives back its header and its payload, aligned for words', () => {
    const container = writeContainer({ kind: 'ü' }, [bytes(1, 2), bytes(3)]);

    const { header, payload } = readContainer(container);

    expect(header).toEqual({ kind: 'ü' });
    expect([...payload]).toEqual([1, 2, 3]);
    expect(payload.byteOffset % 16).toBe(0);
  });

  it('is refused when it is cut off anywhere, or is something else', () => {
    const whole = writeContainer({ some: 'header' }, []);

    for (let length = 0; length < whole.length; length += 1) {
      expect(() => readContainer(whole.slice(0, length)), `${length} bytes`).toThrow();
    }
    expect(() => readContainer(new Uint8Array(64))).toThrow(ContainerError);
  });
});

describe('a file pack', () => {
  it('keeps order, bytes and what is announced, without copies', () => {
    const pack = writeFilePack([{ path: 'b/x.so', bytes: bytes(7, 8) }, { path: 'a', bytes: bytes() }], [{ path: 'c.py', length: 9 }]);

    const { files, absent } = readFilePack(pack);

    expect(files.map(({ path, bytes: content }) => [path, [...content]])).toEqual([['b/x.so', [7, 8]], ['a', []]]);
    expect(files[0]?.bytes.buffer).toBe(pack.buffer);
    expect(absent).toEqual([{ path: 'c.py', length: 9 }]);
  });

  it.each(['/etc/passwd', '../up', 'a/../../b', 'a//b', './a', '', 'nul\0'])('refuses the path %j', (path) => {
    expect(() => writeFilePack([{ path, bytes: bytes() }])).toThrow(ContainerError);
    const forged = writeContainer({ files: [[path, 0]], absent: [] }, []);
    expect(() => readFilePack(forged)).toThrow(ContainerError);
  });

  it.each([
    [{ files: [['a', 3]], absent: [] }],
    [{ files: [['a', -1]], absent: [] }],
    [{ files: [['a', 0.5]], absent: [] }],
    [{ files: [['a']], absent: [] }],
    [{ files: [] }],
    [[]],
    [null],
  ])('refuses the header %j over two bytes', (header) => {
    expect(() => readFilePack(writeContainer(header, [bytes(1, 2)]))).toThrow(ContainerError);
  });
});

describe('the checksum', () => {
  it('changes with any bit of any word, and with their order', () => {
    const file = Uint8Array.from({ length: 64 }, (_, i) => i);
    const sums = new Set([checksumOf(file)]);

    for (let bit = 0; bit < 64 * 8; bit += 1) {
      const changed = file.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      sums.add(checksumOf(changed));
    }
    sums.add(checksumOf(file.slice().reverse()));

    expect(sums.size).toBe(64 * 8 + 2);
  });

  it('does not depend on where in a buffer the file is', () => {
    const file = bytes(1, 2, 3, 4, 5, 6, 7, 8);
    const moved = new Uint8Array(11);
    moved.set(file, 3);

    expect(checksumOf(moved.subarray(3))).toBe(checksumOf(file));
  });
});
