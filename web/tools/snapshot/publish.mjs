/**
 * Writes recorded snapshots as they are served: files named by their digest, each with its compressed forms beside it, and
 * the index last, so that an interrupted build leaves the old index with its files.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile, access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { megabytes } from './recorder.mjs';
import { Zstandard } from './zstd.mjs';

const INDEX = 'snapshots.json';
const ASSET = /^[a-z]+-[0-9a-f]{16}\.(heap|code|files|rest)(\.br|\.zst)?$/;
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
// Only for browsers without Zstandard; 9 is 10 % smaller and takes twenty times as long.
const QUALITY = 5;

/** Name and id of the snapshots in a folder, when all their files are there. */
export async function readIndex(out) {
  try {
    const { snapshots } = JSON.parse(await readFile(join(out, INDEX), 'utf8'));
    const assets = snapshots.flatMap(({ heap, code, files, rest }) => [heap, code, files, rest]).filter(Boolean);
    await Promise.all(assets.map(({ file }) => access(join(out, file))));
    return snapshots.map(({ name, id }) => ({ name, id }));
  } catch {
    return undefined;
  }
}

export async function publish({ out, recorded, loader, pyodide }) {
  const load = (file) => import(pathToFileURL(join(loader, file)).href);
  const { checksumOf } = await load('checksum.js');
  const { writeFilePack } = await load('file-pack.js');
  const { SNAPSHOT_FORMAT, parseSnapshotIndex } = await load('snapshot-format.js');
  await mkdir(out, { recursive: true });
  const zstandard = await Zstandard.start(pyodide);
  const snapshots = await Promise.all(recorded.map((one) => writeSnapshot(out, one, { checksumOf, writeFilePack, zstandard })));
  const [{ facts }] = recorded;
  const index = { format: SNAPSHOT_FORMAT, pyodide: facts.pyodide, python: facts.python, snapshots };
  parseSnapshotIndex(index);
  await writeFile(join(out, `${INDEX}.new`), `${JSON.stringify(index, undefined, 1)}\n`);
  await rename(join(out, `${INDEX}.new`), join(out, INDEX));
  await removeOthers(out, snapshots);
}

async function writeSnapshot(out, { recipe, facts, heap, code, files, rest }, { checksumOf, writeFilePack, zstandard }) {
  const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
  const parts = { heap };
  if (recipe.wheels.length > 0) {
    parts.code = writeFilePack(code);
    parts.files = writeFilePack(files, rest.map(({ path, bytes }) => ({ path, length: bytes.length })));
    parts.rest = writeFilePack(rest);
  }
  const assets = {};
  for (const [kind, bytes] of Object.entries(parts)) {
    assets[kind] = { ...await writeAsset(out, recipe.name, kind, bytes, zstandard), checksum: checksumOf(bytes) };
  }
  return {
    name: recipe.name,
    id: recipe.id,
    heapBytes: facts.heapBytes,
    table: facts.table,
    libraries: facts.places.map((place, i) => ({ ...place, sha256: digest(code[i].bytes) })),
    handles: facts.handles,
    packages: recipe.wheels.map(({ name, version, file, sha256 }) => ({ name, version, wheel: file, sha256 })),
    missing: facts.missing,
    modules: facts.modules,
    ...assets,
  };
}

async function writeAsset(out, name, kind, bytes, zstandard) {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = `${name}-${sha256.slice(0, 16)}.${kind}`;
  const compressed = await promisify(zlib.brotliCompress)(bytes, {
    params: { [BROTLI_PARAM_QUALITY]: QUALITY, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const zst = zstandard.compress(bytes);
  await writeFile(join(out, file), bytes);
  await writeFile(join(out, `${file}.br`), compressed);
  await writeFile(join(out, `${file}.zst`), zst);
  console.log(`${name}: ${kind} ${megabytes(bytes.length)}, zstd ${megabytes(zst.length)}, brotli ${megabytes(compressed.length)}`);
  return { file, bytes: bytes.length, compressedBytes: zst.length, sha256 };
}

async function removeOthers(out, snapshots) {
  const kept = new Set(snapshots.flatMap(({ heap, code, files, rest }) => [heap, code, files, rest])
    .filter(Boolean).flatMap(({ file }) => [file, `${file}.br`, `${file}.zst`]));
  for (const file of await readdir(out)) {
    if (ASSET.test(file) && !kept.has(file)) {
      await rm(join(out, file));
    }
  }
}
