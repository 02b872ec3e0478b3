import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parentOf } from '@/base/paths';
import { readZip } from '@/base/zip-reader';
import type { FileNode } from '@/platform/files';
import { compile, type Compiler } from '@/host/assemblyscript/compile';
import { BuildRefusal } from './build-refusal';
import { buildInTab, outputPath } from './build-worker';
import { gatherSources } from './sources';
import { isAssemblyScript, isOfWorker, workerFolder, workerFolders } from './worker-folder';

/** The files of a workspace in memory. */
class Files {
  constructor(private readonly texts: Readonly<Record<string, string>>) {}

  get(path: string): FileNode | undefined {
    const text = this.texts[path];
    if (text !== undefined) return { path, kind: 'file', size: text.length, revision: 1 };
    return Object.keys(this.texts).some((file) => file.startsWith(`${path}/`)) ? { path, kind: 'folder', size: 0, revision: 1 } : undefined;
  }

  *files(): Iterable<FileNode> {
    for (const path of Object.keys(this.texts)) yield this.get(path)!;
  }

  childrenOf(folder: string): readonly FileNode[] {
    return [...this.files()].filter(({ path }) => parentOf(path) === folder);
  }

  readText(path: string): Promise<string | null> {
    return Promise.resolve(this.texts[path] ?? null);
  }

  readBytes(path: string): Promise<Uint8Array> {
    return Promise.resolve(new TextEncoder().encode(this.texts[path] ?? ''));
  }
}

const example = new URL('../../../../../examples/workers/matrix-assemblyscript/', import.meta.url);
const matrix = (folder: string): Record<string, string> =>
  Object.fromEntries(['worker.json', 'asconfig.json', ...readdirSync(new URL('assembly', example)).map((name) => `assembly/${name}`)].map((path) => [folder + path, readFileSync(new URL(path, example), 'utf8')]));

/** The compiler without the page around it. */
const compiler = async () => {
  const asc = (await import('assemblyscript/asc')) as unknown as Compiler;
  return {
    build: (request: Parameters<typeof compile>[1]) =>
      compile(asc, request).catch((error: unknown) => {
        const { failure } = error as { failure: { message: string; problems: [] } };
        throw new BuildRefusal(failure.message, failure.problems);
      }),
  };
};

const build = (files: Files, path: string) => {
  const at = workerFolder(files, path);
  if (at === null) throw new Error('nothing to build');
  return buildInTab({ files, at, workspaceName: 'My things', compiler, signal: new AbortController().signal, onStep: () => undefined });
};

describe('which worker a file belongs to', () => {
  const files = new Files({ ...matrix('a/'), 'c/src/x.c': '', 'c/x.h': '', 'page/main.ts': "import './live'", 'one.ts': "import { Host } from '@extism/as-pdk'", 'r/Cargo.toml': '', 'r/worker.json': '{}', 'r/src/lib.rs': '', 'readme.md': '' });

  it.each([
    ['a/assembly/number.ts', { folder: 'a', language: 'assemblyscript', single: null }],
    ['a', { folder: 'a', language: 'assemblyscript', single: null }],
    ['a/worker.json', { folder: 'a', language: 'assemblyscript', single: null }],
    ['c/src/x.c', { folder: 'c', language: 'c', single: null }],
    ['c/x.h', { folder: 'c', language: 'c', single: null }],
    ['one.ts', { folder: '', language: 'assemblyscript', single: 'one.ts' }],
    ['r/src/lib.rs', { folder: 'r', language: 'rust', single: null }],
    ['readme.md', null],
  ])('%s', (path, expected) => {
    expect(workerFolder(files, path)).toEqual(expected);
  });

  it('tells AssemblyScript from the TypeScript of pages', () => {
    expect(isAssemblyScript(files, 'a/assembly/number.ts', '')).toBe(true);
    expect(isAssemblyScript(files, 'one.ts', "import { Host } from '@extism/as-pdk'")).toBe(true);
    expect(isAssemblyScript(files, 'page/main.ts', "import './live'")).toBe(false);
    expect(['c/src/x.c', 'a/worker.json', 'r/src/lib.rs', 'page/main.ts', 'readme.md'].map((path) => isOfWorker(files, path, ''))).toEqual([true, true, true, false, false]);
  });

  it('lists the workers of a workspace', () => {
    expect(workerFolders(files).map(({ folder }) => folder)).toEqual(['a', 'r']);
  });
});

describe('building in the tab', () => {
  it('makes the bundle of the matrix example: the same modules and the digest that the command line has', async () => {
    const built = await build(new Files(matrix('workers/matrix/')), 'workers/matrix');

    const files = await readZip(built.file);
    expect([...files.keys()]).toEqual(['worker.json', 'matrix.wasm', 'matrix.simd.wasm']);
    for (const name of ['matrix.wasm', 'matrix.simd.wasm']) expect(Buffer.from(files.get(name)!).equals(readFileSync(new URL(name, example))), name).toBe(true);
    // `cloche worker build examples/workers/matrix-assemblyscript` prints it
    expect(built.digest).toBe('e62f79ae9baae9b3bc12365748dfe53342eeeb871c210e8a2aa66061ee1e0ac9');
    expect(outputPath({ folder: 'workers/matrix', language: 'assemblyscript', single: null }, built.name)).toBe('workers/matrix/matrix-assemblyscript.worker');
  }, 300_000);

  it('makes a worker of a single file, with files from elsewhere that it imports', async () => {
    const files = new Files({ 'w/my one.ts': "import { Host } from '@extism/as-pdk'\nimport { twice } from '../lib/twice'\nexport function f(): i32 { Host.outputString(twice(21).toString()); return 0 }\n", 'lib/twice.ts': 'export function twice(x: i32): i32 { return 2 * x }' });

    const { name, file } = await build(files, 'w/my one.ts');

    expect(name).toBe('my-one');
    expect([...(await readZip(file)).keys()]).toEqual(['worker.json', 'my-one.wasm', 'my-one.simd.wasm']);
  }, 300_000);

  it('names mistakes by the paths of the workspace', async () => {
    const files = new Files({ 'w/asconfig.json': '{}', 'w/assembly/index.ts': "import { a } from '../../lib/a'\nexport function f(): i32 { return a() }\n", 'lib/a.ts': '\nexport function a(): i32 { return b() }' });

    await expect(build(files, 'w')).rejects.toMatchObject({ problems: [{ path: 'lib/a.ts', line: 2, column: 35 }] });
  }, 300_000);

  it.each([
    ['left-pad', 'left-pad'],
    ['left-pad/assembly/index', 'left-pad'],
    ['@some/one/assembly', '@some/one'],
  ])('names the package of an import of %s, and the rule', async (from, name) => {
    const files = new Files({ 'one.ts': `import { x } from '${from}'\nexport function f(): i32 { return x() }` });

    const refusal = (await build(files, 'one.ts').catch((error: unknown) => error)) as BuildRefusal;

    expect(refusal.message).toMatch(new RegExp(`^one.ts, line 1, column \\d+: The package '${name}' is not at hand: workspaces have no node_modules`));
    expect(refusal.problems[0]).toMatchObject({ path: 'one.ts', line: 1, severity: 'error', message: expect.stringContaining(`The package '${name}'`) as string });
    expect(refusal.message).not.toContain('~lib');
  }, 300_000);

  it('warns of the packages that package.json asks for in vain, at their lines', async () => {
    const asked = '{\n  "devDependencies": { "left-pad": "1", "assemblyscript": "*" },\n  "dependencies": {\n    "@extism/as-pdk": "1.0.0",\n    "left-pad": "1.3.0"\n  }\n}\n';
    const files = new Files({ 'w/package.json': asked, 'w/asconfig.json': '{}', 'w/assembly/index.ts': 'export function f(): i32 { return 1 }\n' });

    expect((await build(files, 'w')).problems).toMatchObject([{ severity: 'warning', path: 'w/package.json', line: 5, column: 5, message: expect.stringContaining("The package 'left-pad' is not at hand") as string }]);
  }, 300_000);

  it.each([
    ['{', 'worker.json is no JSON object.'],
    ['{"wasm":[]}', "'wasm' in worker.json must be a list of 1 to 16 modules."],
    ['{"wasm":[{"path":"../x.wasm"}]}', "'wasm[0].path' must be the path of a file in the folder."],
    ['{"wasm":[{"path":"x.wasm","simd":7}]}', "'wasm[0].simd' must be the path of a file in the folder."],
  ])('refuses the manifest %s', async (text, message) => {
    await expect(build(new Files({ ...matrix(''), 'worker.json': text }), 'worker.json')).rejects.toThrow(message);
  });

  it('refuses more sources than a tab may compile', async () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`assembly/f${index}.ts`, '']));

    await expect(gatherSources(new Files({ ...many, 'asconfig.json': '{}' }), { folder: '', language: 'assemblyscript', single: null })).rejects.toThrow('at most 1000 files');
  });
});
