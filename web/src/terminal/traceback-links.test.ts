import { expect, it } from 'vitest';
import { findPlaces, workspacePathOf } from './traceback-links';

const files = new Set(['main.py', 'lib/a b.py']);
const resolve = (name: string) => workspacePathOf(name, (path) => files.has(path));

it('finds the frames of a Python traceback', () => {
  const [place] = findPlaces('  File "/workspace/lib/a b.py", line 12, in <module>', resolve);
  expect(place).toEqual({ path: 'lib/a b.py', line: 12, start: 2, end: 39 });
});

it('finds what linters print', () => {
  expect(findPlaces('main.py:3:5 unused', resolve)).toEqual([{ path: 'main.py', line: 3, start: 0, end: 9 }]);
});

it('leaves alone what is no file of the workspace', () => {
  expect(findPlaces('File "/lib/python3.14/json/__init__.py", line 1', resolve)).toEqual([]);
  expect(findPlaces('at 10:30 on main.pyx:3', resolve)).toEqual([]);
});
