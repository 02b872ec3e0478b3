import { expect, it } from 'vitest';
import type { WorkspaceFiles } from '@/platform/files';
import { databaseOf, noteDatabase } from './database-file';
import { makeScripts, ScriptProblem } from './page-scripts';

/** As much of a working copy as is needed here. */
function workspace(content: Record<string, string>): { readonly files: WorkspaceFiles; readonly content: Record<string, string> } {
  const files = {
    files: () => Object.keys(content).map((path) => ({ path, kind: 'file', size: 1, revision: 1 })),
    get: (path: string) => (path in content ? { path, kind: 'file', size: 1, revision: 1 } : undefined),
    readText: (path: string) => Promise.resolve(content[path] ?? null),
    write: (path: string, text: string) => void (content[path] = text),
  };
  return { files: files as unknown as WorkspaceFiles, content };
}

const compile = (sources: ReadonlyMap<string, string>) => Promise.resolve({ scripts: new Map([...sources].map(([path, text]) => [path, `js of ${text}`])), faults: [] });

it('writes the JavaScript beside the TypeScript of the folder, but never over what somebody wrote', async () => {
  const { files, content } = workspace({ 'public/a.ts': 'a', 'public/own.ts': 'own', 'public/own.js': 'mine', 'public/old.ts': 'new', 'public/old.js': '// Made of old.ts\nold', 'public/t.d.ts': 't', 'other.ts': 'o' });

  await makeScripts(files, 'public', compile);

  expect(content['public/a.js']).toBe('// Made of a.ts by Publish; change that file.\njs of a');
  expect(content['public/old.js']).toContain('js of new');
  expect(content['public/own.js']).toBe('mine');
  expect(Object.keys(content).filter((path) => path.endsWith('.js'))).toHaveLength(3);
});

it('leaves folders alone that have a build of their own', async () => {
  const { files, content } = workspace({ 'a.ts': 'a', 'package.json': '{}' });
  await makeScripts(files, '', compile);
  expect(content['a.js']).toBeUndefined();
});

it('refuses mistakes with their place and writes nothing', async () => {
  const { files, content } = workspace({ 'a.ts': 'a' });
  const faults = [{ path: 'a.ts', line: 3, column: 1, message: "';' expected." }];
  await expect(makeScripts(files, '', () => Promise.resolve({ scripts: new Map([['a.ts', 'x']]), faults }))).rejects.toThrow(new ScriptProblem(faults));
  expect(new ScriptProblem(faults).message).toBe("a.ts:3: ';' expected.");
  expect(content['a.js']).toBeUndefined();
});

it('keeps the name of the database where the workspace has a place for it', async () => {
  const { files, content } = workspace({ 'x/database.json': '[1]', 'public/database.json': '{ "database": null, "title": "T" }' });
  expect(await databaseOf(files)).toBeNull();
  await noteDatabase(files, 'game');
  expect(await databaseOf(files)).toBe('game');
  expect(JSON.parse(content['public/database.json']!)).toEqual({ database: 'game', title: 'T' });
  const { files: without, content: nothing } = workspace({ 'main.py': '' });
  await noteDatabase(without, 'game');
  expect(Object.keys(nothing)).toEqual(['main.py']);
});
