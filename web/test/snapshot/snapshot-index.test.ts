import { describe, expect, it } from 'vitest';
import { chooseSnapshot, parseSnapshotIndex, SnapshotFormatError } from '@/host/engines/pyodide/snapshot-format';

const asset = (file: string) => ({ file, bytes: 10, compressedBytes: 5, sha256: 'ab', checksum: 7 });
const included = (...names: string[]) => names.map((name) => ({ name, version: '1.0', wheel: `${name}-1.0-py3-none-any.whl`, sha256: 'cd' }));

const snapshot = (name: string, ...packages: string[]) => ({
  name,
  id: `id-of-${name}`,
  heapBytes: 1,
  table: { before: 1024, after: 1030 },
  libraries: packages.map((one) => ({ path: `/lib/${one}.so`, sha256: 'ef', memoryBase: 16, tableBase: 1024 })),
  handles: packages.map((_, i) => [4096 + i, i]),
  packages: included(...packages),
  missing: packages.includes('pandas') ? ['py_arrow'] : [],
  modules: 3,
  heap: asset(`${name}.heap`),
  ...(packages.length === 0 ? {} : { code: asset(`${name}.code`), files: asset(`${name}.files`), rest: asset(`${name}.rest`) }),
});

const index = {
  format: 2,
  pyodide: '314.0.7',
  python: '3.14.2',
  snapshots: [snapshot('base'), snapshot('plot', 'numpy', 'matplotlib', 'pillow'), snapshot('data', 'numpy', 'matplotlib', 'pillow', 'pandas')],
};

describe('an index of snapshots', () => {
  it('is read as it was written', () => {
    expect(parseSnapshotIndex(JSON.parse(JSON.stringify(index)))).toEqual(index);
  });

  it('is refused with any field missing or of another type', () => {
    const broken: unknown[] = [null, [], 'text', { ...index, format: 1 }];
    const breakAt = (value: unknown, replace: (changed: unknown) => unknown): void => {
      if (typeof value === 'object' && value !== null) {
        for (const [key, child] of Object.entries(value)) {
          const put = (changed: unknown) => replace(Array.isArray(value)
            ? value.map((old: unknown, i) => (String(i) === key ? changed : old))
            : { ...value, [key]: changed });
          // A whole part may be absent, but not of another type; `true` is right nowhere.
          broken.push(put(true));
          breakAt(child, put);
        }
      }
    };
    breakAt(index, (changed) => changed);

    expect(broken.length).toBeGreaterThan(100);
    for (const value of broken) {
      expect(() => parseSnapshotIndex(value), JSON.stringify(value)).toThrow(SnapshotFormatError);
    }
  });

  it.each(['../heap', 'a/b', 'http://x/y', ''])('is refused with the file name %j', (file) => {
    const forged = { ...index, snapshots: [{ ...snapshot('base'), heap: asset(file) }] };

    expect(() => parseSnapshotIndex(forged)).toThrow(SnapshotFormatError);
  });
});

describe('the choice of a snapshot', () => {
  const parsed = parseSnapshotIndex(index);
  const choose = (...wanted: [string, string?][]) => chooseSnapshot(parsed, new Map(wanted.map(([name, version]) => [name, version])))?.name;

  it('takes the smallest one that brings the most of what is wanted', () => {
    expect(choose()).toBe('base');
    expect(choose(['numpy'])).toBe('plot');
    expect(choose(['numpy'], ['matplotlib', '1.0'])).toBe('plot');
    expect(choose(['numpy'], ['pandas'], ['flask'])).toBe('data');
    expect(choose(['flask'])).toBe('base');
  });

  it('leaves out those that have another version than the pinned', () => {
    expect(choose(['numpy', '2.0'])).toBe('base');
    expect(choose(['numpy', '1.0'], ['pandas', '9'])).toBe('plot');
  });

  it('leaves out those that have looked for a wanted package in vain', () => {
    expect(choose(['numpy'], ['pandas'], ['py-arrow'])).toBe('plot');
  });
});
