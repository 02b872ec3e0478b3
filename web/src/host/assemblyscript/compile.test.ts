import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CannotBuild, compile, type Compiler } from './compile';

const folder = new URL('../../../../examples/workers/matrix-assemblyscript/', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const matrix = (): Map<string, string> => new Map([['asconfig.json', text('asconfig.json')], ...readdirSync(new URL('assembly', folder)).map((name) => [`assembly/${name}`, text(`assembly/${name}`)] as const)]);
const module = (path: string, simd = false, entry = 'assembly/index.ts', isAlone = false) => ({ path, entry, simd, isAlone });

let compiler: Compiler;
beforeAll(async () => {
  compiler = (await import('assemblyscript/asc')) as unknown as Compiler;
}, 300_000);

async function failed(sources: ReadonlyMap<string, string>, entry = 'a.ts'): Promise<CannotBuild> {
  const thrown: unknown = await compile(compiler, { sources, modules: [module('a.wasm', false, entry)] }).catch((error: unknown) => error);
  if (!(thrown instanceof CannotBuild)) throw new Error(`it was built, or failed otherwise: ${String(thrown)}`);
  return thrown;
}

describe('compiling AssemblyScript', () => {
  it('gives the bytes that the command line gave for the matrix worker, scalar and with vectors', async () => {
    const { modules, problems } = await compile(compiler, { sources: matrix(), modules: [module('matrix.wasm'), module('matrix.simd.wasm', true)] });

    expect(problems).toEqual([]);
    for (const { path, bytes } of modules) expect(Buffer.from(bytes).equals(readFileSync(new URL(path, folder))), path).toBe(true);
  }, 300_000);

  it('says where a mistake is, once for both builds', async () => {
    const sources = matrix().set('assembly/product.ts', `${text('assembly/product.ts')}\nlet wrong: i32 = "text"\nmissing()\n`);
    const line = text('assembly/product.ts').split('\n').length + 1;

    const { failure } = await failed(sources, 'assembly/index.ts');

    expect(failure.problems).toEqual([
      { severity: 'error', code: 'AS2322', path: 'assembly/product.ts', line, column: 18, endLine: line, endColumn: 24, message: "Type '~lib/string/String' is not assignable to type 'i32'." },
      { severity: 'error', code: 'AS2304', path: 'assembly/product.ts', line: line + 1, column: 1, endLine: line + 1, endColumn: 8, message: "Cannot find name 'missing'." },
    ]);
    expect(failure.message).toBe(`assembly/product.ts, line ${line}, column 18: Type '~lib/string/String' is not assignable to type 'i32'. (and 1 more)`);
  }, 300_000);

  it('finds the kit by its name', async () => {
    const { modules } = await compile(compiler, { sources: new Map([['a.ts', "import { Host } from '@extism/as-pdk'\nexport function hello(): i32 { Host.outputString('hello'); return 0 }\n"]]), modules: [module('a.wasm', false, 'a.ts', true)] });

    expect(WebAssembly.Module.exports(await WebAssembly.compile(modules[0]!.bytes)).map(({ name }) => name)).toContain('hello');
  }, 300_000);

  it('refuses a module that wants abort, with the way out; the way out works', async () => {
    const source = ['a.ts', 'export function f(): i32 { return i32(new Array<i32>(3)[4]) }'] as const;

    expect((await failed(new Map([source]))).message).toContain('"use": ["abort="]');
    const { modules } = await compile(compiler, { sources: new Map([source, ['asconfig.json', '{ "options": { "use": ["abort="] } }']]), modules: [module('a.wasm', false, 'a.ts')] });
    expect(modules).toHaveLength(1);
  }, 300_000);

  it('names the import that is not there', async () => {
    const { failure } = await failed(new Map([['a.ts', "import { x } from 'left-pad'\nexport function f(): i32 { return x() }\n"]]));

    expect(failure.problems[0]).toMatchObject({ path: 'a.ts', line: 1, severity: 'error', message: "File '~lib/left-pad.ts' not found." });
  }, 300_000);

  it('gives files by their paths from the root, too, as the compiler asks for them in a browser', async () => {
    const asked: (string | null)[] = [];
    const browserLike: Compiler = {
      main(_, machine) {
        asked.push(...['/node_modules/@extism/as-pdk/index.ts', './a.ts', '../a.ts'].map((path) => machine.readFile(path)));
        machine.writeFile('worker.out.wasm', new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
        return Promise.resolve({ error: null });
      },
    };

    await compile(browserLike, { sources: new Map([['a.ts', 'mine']]), modules: [module('a.wasm', false, 'a.ts')] });

    expect(asked).toEqual(["export * from './lib/pdk';", 'mine', null]);
  });

  it('runs no transforms', async () => {
    const { failure } = await failed(new Map([['a.ts', 'export function f(): i32 { return 0 }'], ['asconfig.json', '{\n  "options": { "transform": ["./x.mjs"] }\n}']]));

    expect(failure.problems[0]).toMatchObject({ path: 'asconfig.json', line: 2 });
    expect(failure.message).toContain('Transforms are programs');
  });

  it('explains a configuration that is no JSON', async () => {
    const { failure } = await failed(new Map([['a.ts', 'export function f(): i32 { return 0 }'], ['asconfig.json', '{ "options": ']]));

    expect(failure.error).toBe('failed');
    expect(failure.message).toContain('asconfig.json');
  });
});
