// The version of the engine stands in the lock files, in the loader and in the server; here they are held together.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { EMPTY_LOCK_FILE } from '@/host/engines/pyodide/start';

const text = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const json = (path: string): unknown => JSON.parse(text(path));
const words = (path: string, pattern: RegExp): readonly string[] => {
  const call = pattern.exec(text(path))?.[1];
  return [...(call ?? '').matchAll(/"([^"]*)"/g)].map(([, word]) => word ?? '');
};

const { version, python, abi_version: abi, arch, platform } = EMPTY_LOCK_FILE.info;
const tag = `pyemscripten_${abi}_${arch}`;
const emscripten = platform.replace('emscripten_', '').replaceAll('_', '.');

test('the npm package is the engine that the loader knows', () => {
  expect(json('web/package.json')).toMatchObject({ dependencies: { pyodide: version } });
  expect(json('web/node_modules/pyodide/package.json')).toMatchObject({ version });
  expect(json('web/node_modules/pyodide/pyodide-lock.json')).toMatchObject({ info: { python, abi_version: abi, arch, platform } });
});

test('the server names the same engine', () => {
  expect(words('server/src/main/java/dev/cloche/server/SystemInfo.java', /PYODIDE = new Engine\((.*?)\)/)).toEqual([version, python, tag]);
});

test('packages are resolved for the same engine', () => {
  expect(words('packages/src/main/java/dev/cloche/packages/TabEnvironment.java', /PYODIDE = new TabEnvironment\((.*?)\)/)).toEqual([python, tag, emscripten]);
});

test('the wheels on the shelf are for the same engine', () => {
  expect(json('packages/wheels/shelf.lock.json')).toMatchObject({
    target: { platforms: [tag] },
    markers: { python_full_version: python, platform_release: emscripten },
  });
});
