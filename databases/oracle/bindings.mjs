// Compiles generated bindings, and code that uses them, against both generations of the official SDK, strictly; then loads
// them and looks whether the SDK finds its tables, reducers and procedures. The arguments: TypeScript's package, and a
// folder with 1/index.ts and 2/index.ts.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as undici from 'undici';

const here = path.dirname(fileURLToPath(import.meta.url));
const [typescript, folder] = process.argv.slice(2).map((one) => path.resolve(one));
const { default: ts } = await import(pathToFileURL(path.join(typescript, 'lib/typescript.js')));
globalThis.WebSocket ??= undici.WebSocket;
globalThis.Promise.withResolvers ??= () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};

for (const generation of [1, 2]) {
  const own = path.join(folder, String(generation));
  fs.mkdirSync(path.join(own, 'node_modules'), { recursive: true });
  fs.rmSync(path.join(own, 'node_modules/spacetimedb'), { force: true });
  fs.symlinkSync(path.join(here, 'node_modules', generation === 1 ? 'spacetimedb-1' : 'spacetimedb'), path.join(own, 'node_modules/spacetimedb'));
  fs.writeFileSync(path.join(own, 'package.json'), '{"type":"module"}');
  fs.copyFileSync(path.join(here, `use-${generation}.ts`), path.join(own, 'use.ts'));
  const program = ts.createProgram([path.join(own, 'index.ts'), path.join(own, 'use.ts')], {
    strict: true, noUnusedLocals: true, noUnusedParameters: true, noImplicitOverride: true, skipLibCheck: true, types: [], preserveSymlinks: true,
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.esnext.disposable.d.ts'], outDir: path.join(own, 'out'),
  });
  const faults = ts.getPreEmitDiagnostics(program).map((one) => `${one.file?.fileName}: ${ts.flattenDiagnosticMessageText(one.messageText, '\n')}`);
  assert.deepEqual(faults, [], `generation ${generation}`);
  program.emit();
  const { DbConnection } = await import(pathToFileURL(path.join(own, 'out/index.js')));
  const builder = DbConnection.builder().withUri('ws://127.0.0.1:1').onConnectError(() => {});
  const conn = (generation === 1 ? builder.withModuleName('x') : builder.withDatabaseName('x')).build();
  assert.deepEqual(Object.keys(conn.db), generation === 1 ? ['thing', 'greens'] : ['thing', 'hasHappened', 'greens']);
  assert.deepEqual(Object.keys(conn.procedures), ['sumIt', 'things', 'nothing']);
  for (const name of ['sendMessage', 'add', 'fail']) assert.equal(typeof conn.reducers[name], 'function', name);
  for (const name of ['id', 'nick', 'colourName']) assert.ok(conn.db.thing[name], name);
  assert.equal(conn.db.thing.nick.find('x') ?? null, null);
  conn.disconnect();
  console.log(`generation ${generation}: compiled and loaded`);
}
process.exit(0);
