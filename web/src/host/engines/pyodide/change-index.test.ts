import { describe, expect, test } from 'vitest';
import { ChangeIndex, isSynced, type Seen } from './change-index';

const file = (mtime: number, size = 1): Seen => ({ kind: 'file', mtime, size });
const folder: Seen = { kind: 'folder', mtime: 0, size: 0 };
const NONE = new Set<string>();

function known(entries: Record<string, Seen>): ChangeIndex {
  const index = new ChangeIndex();
  index.accept(new Map(Object.entries(entries)));
  return index;
}

const compare = (index: ChangeIndex, entries: Record<string, Seen>, touched = NONE) => index.compare(new Map(Object.entries(entries)), touched);

describe('a change', () => {
  test('is a new time, a new size, or a write that left both alone', () => {
    const index = known({ a: file(1), b: file(1), c: file(1), d: file(1) });

    expect(compare(index, { a: file(2), b: file(1, 9), c: file(1), d: file(1) }, new Set(['c', 'gone'])).map(({ path }) => path)).toEqual(['a', 'b', 'c']);
    expect(compare(index, { a: file(2), b: file(1, 9), c: file(1), d: file(1) })).toEqual([]);
  });

  test('names a folder before what is in it, and a deleted folder without what was in it', () => {
    const index = known({ old: folder, 'old/x': file(1), 'old/deep': folder, 'old/deep/y': file(1), 'old.txt': file(1) });

    expect(compare(index, { 'new/sub/z': file(1), new: folder, 'new/sub': folder, 'old.txt': file(1) })).toEqual([
      { kind: 'delete', path: 'old' },
      { kind: 'folder', path: 'new' },
      { kind: 'folder', path: 'new/sub' },
      { kind: 'write', path: 'new/sub/z', size: 1 },
    ]);
  });

  test('of a file into a folder is a deletion and a folder', () => {
    expect(compare(known({ a: file(1) }), { a: folder, 'a/b': file(1) })).toEqual([
      { kind: 'delete', path: 'a' }, { kind: 'folder', path: 'a' }, { kind: 'write', path: 'a/b', size: 1 },
    ]);
  });
});

test('compiled files, repositories and packages are never synced', () => {
  expect(['a/__pycache__/b.pyc', '.git/config', 'node_modules/x', '.env', 'deep/.venv/lib'].map(isSynced)).toEqual([false, false, false, false, false]);
  expect(['builds/a', 'environment.py', '.gitignore'].map(isSynced)).toEqual([true, true, true]);
});
