/**
 * The build records with the very loader that the browser restores with, so it is translated from its TypeScript here.
 */
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

const SOURCES = join(import.meta.dirname, '../../src/host/engines/pyodide');
const RECORDING_PARTS = ['checksum', 'container', 'file-pack', 'heap-image', 'side-modules', 'snapshot-format', 'start'];
/** All that a worker needs to boot; for tests and benchmarks that run without the web build. */
export const BOOT_PARTS = [...RECORDING_PARTS, 'boot', 'fetch-asset', 'fetched-snapshot', 'fresh-session', 'kept-assets', 'lazy-files'];

/** Answers the folder of the translated modules. */
export async function compileLoader(folder, parts = RECORDING_PARTS) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const present = new Set(await readdir(SOURCES));
  for (const part of parts) {
    if (!present.has(`${part}.ts`)) {
      throw new Error(`the loader has no ${part}.ts`);
    }
    const { outputText } = ts.transpileModule(await readFile(join(SOURCES, `${part}.ts`), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true },
    });
    // The web build resolves names without an ending, Node does not.
    await writeFile(join(folder, `${part}.js`), outputText.replace(/from '(\.\/[\w-]+)'/g, "from '$1.js'"));
  }
  return folder;
}
