import { expect, it } from 'vitest';
import { bundlePython, gatherPython, isModule, refusedPlace } from './python-bundle';

it('knows modules of databases by their import', () => {
  expect(isModule('from cloche import table')).toBe(true);
  expect(isModule('import json, cloche.testing')).toBe(true);
  expect(isModule('# import cloche\nx = "import cloche"')).toBe(false);
});

it('packs files as the server reads them', () => {
  const bytes = bundlePython([['a.py', 'é']]);
  expect(Buffer.from(bytes).toString('hex')).toBe(`${Buffer.from('PYTHON-SOURCE-1\0').toString('hex')}0c000000${'0400'}${Buffer.from('a.py').toString('hex')}02000000c3a9`);
});

it('gathers what the main file imports, once each, and goes round in no circle', async () => {
  const folder: Record<string, string> = { 'main.py': 'import rules, json', 'rules.py': 'from main import x\nfrom words import y', 'words.py': '', 'other.py': '' };
  const files = await gatherPython('main.py', (name) => Promise.resolve(folder[name] ?? null));
  expect(files.map(([name]) => name)).toEqual(['main.py', 'rules.py', 'words.py']);
});

it('finds the place in a refusal', () => {
  expect(refusedPlace('setup function returned an error: chat.py:5: A.x: complex is no type of a column.')).toEqual({ file: 'chat.py', line: 5 });
  expect(refusedPlace('setup function returned an error:   File "module.py", line 2\n    def (\nSyntaxError: invalid syntax')).toEqual({ file: 'module.py', line: 2 });
  expect(refusedPlace('Traceback\n  File "a.py", line 1\n  File "b/c.py", line 9\nKeyError')).toEqual({ file: 'b/c.py', line: 9 });
  expect(refusedPlace('The name `x` is taken.')).toBeNull();
});
