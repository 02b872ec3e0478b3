/**
 * The index of the snapshots that a build made: which there are, what is inside, which files they consist of.
 * It is published as `snapshots.json` beside those files, whose names carry their digests.
 */

/** The layout that this loader reads; an index with another number is refused. */
export const SNAPSHOT_FORMAT = 2;

/** One published file. The server sends it as `content-encoding: zstd` from `<file>.zst`, or `br` from `<file>.br`. */
export interface Asset {
  /** Relative to the index. */
  readonly file: string;
  readonly bytes: number;
  /** With Zstandard. */
  readonly compressedBytes: number;
  readonly sha256: string;
  /** See checksum.ts. */
  readonly checksum: number;
}

/** A native library that was loaded, in load order, with the addresses that it got. */
export interface LibraryPlace {
  /** Absolute in the interpreter's file system. */
  readonly path: string;
  readonly sha256: string;
  readonly memoryBase: number;
  readonly tableBase: number;
}

/** A distribution that is inside, with the wheel that it came from. */
export interface IncludedPackage {
  readonly name: string;
  readonly version: string;
  readonly wheel: string;
  readonly sha256: string;
}

export interface SnapshotManifest {
  readonly name: string;
  /** Digest of everything the snapshot was made from. */
  readonly id: string;
  readonly heapBytes: number;
  /** Length of the function table before and after the libraries were loaded. */
  readonly table: { readonly before: number; readonly after: number };
  readonly libraries: readonly LibraryPlace[];
  /** Open handles of libraries: [address of the handle in memory, index in `libraries`]. */
  readonly handles: readonly (readonly [number, number])[];
  readonly packages: readonly IncludedPackage[];
  /** Modules that were asked for in vain: what would use them if they were there has done without. */
  readonly missing: readonly string[];
  /** Modules that were imported already, for the record. */
  readonly modules: number;
  readonly heap: Asset;
  /** File pack of the libraries in load order; absent when there are none. */
  readonly code?: Asset;
  /** File pack of what the warm-up read besides modules (fonts, settings); it announces the rest. */
  readonly files?: Asset;
  /** File pack of all other files of the packages; needed only when somebody reads one. */
  readonly rest?: Asset;
}

export interface SnapshotIndex {
  readonly format: typeof SNAPSHOT_FORMAT;
  readonly pyodide: string;
  readonly python: string;
  readonly snapshots: readonly SnapshotManifest[];
}

export class SnapshotFormatError extends Error {
  override readonly name = 'SnapshotFormatError';
}

/** Checks an index that came over the wire. */
export function parseSnapshotIndex(value: unknown): SnapshotIndex {
  const index = record(value, 'index');
  if (index['format'] !== SNAPSHOT_FORMAT) {
    throw new SnapshotFormatError(`format ${String(index['format'])} is not ${SNAPSHOT_FORMAT}`);
  }
  return {
    format: SNAPSHOT_FORMAT,
    pyodide: text(index['pyodide'], 'pyodide'),
    python: text(index['python'], 'python'),
    snapshots: list(index['snapshots'], 'snapshots').map(manifest),
  };
}

/**
 * The snapshot that brings the most of the wanted packages and, among equals, the least else. `wanted` maps a normalised
 * name to the version that is pinned, or to undefined; a snapshot that has another version than the pinned is left out, and one
 * whose modules have looked for a wanted package in vain.
 */
export function chooseSnapshot(
  index: SnapshotIndex,
  wanted: ReadonlyMap<string, string | undefined>,
): SnapshotManifest | undefined {
  const fits = index.snapshots.filter((snapshot) =>
    snapshot.packages.every(({ name, version }) => (wanted.get(name) ?? version) === version)
    && !snapshot.missing.some((module) => wanted.has(module.replaceAll('_', '-').toLowerCase())));
  const hits = (snapshot: SnapshotManifest) => snapshot.packages.filter(({ name }) => wanted.has(name)).length;
  return fits.sort((a, b) => hits(b) - hits(a) || a.packages.length - b.packages.length)[0];
}

function manifest(value: unknown): SnapshotManifest {
  const it = record(value, 'snapshot');
  const table = record(it['table'], 'table');
  const libraries = list(it['libraries'], 'libraries').map(library);
  return {
    name: text(it['name'], 'name'),
    id: text(it['id'], 'id'),
    heapBytes: count(it['heapBytes'], 'heapBytes'),
    table: { before: count(table['before'], 'table.before'), after: count(table['after'], 'table.after') },
    libraries,
    handles: list(it['handles'], 'handles').map((entry) => handle(entry, libraries.length)),
    packages: list(it['packages'], 'packages').map(includedPackage),
    missing: list(it['missing'], 'missing').map((entry) => text(entry, 'missing')),
    modules: count(it['modules'], 'modules'),
    heap: asset(it['heap'], 'heap'),
    ...(it['code'] === undefined ? {} : { code: asset(it['code'], 'code') }),
    ...(it['files'] === undefined ? {} : { files: asset(it['files'], 'files') }),
    ...(it['rest'] === undefined ? {} : { rest: asset(it['rest'], 'rest') }),
  };
}

function library(value: unknown): LibraryPlace {
  const it = record(value, 'library');
  return {
    path: text(it['path'], 'library.path'),
    sha256: text(it['sha256'], 'library.sha256'),
    memoryBase: count(it['memoryBase'], 'library.memoryBase'),
    tableBase: count(it['tableBase'], 'library.tableBase'),
  };
}

function handle(value: unknown, libraries: number): readonly [number, number] {
  const [address, library] = list(value, 'handle');
  const index = count(library, "handle's library");
  if (index >= libraries) {
    throw new SnapshotFormatError(`no library ${index}`);
  }
  return [count(address, "handle's address"), index];
}

function includedPackage(value: unknown): IncludedPackage {
  const it = record(value, 'package');
  return {
    name: text(it['name'], 'package.name'),
    version: text(it['version'], 'package.version'),
    wheel: text(it['wheel'], 'package.wheel'),
    sha256: text(it['sha256'], 'package.sha256'),
  };
}

function asset(value: unknown, where: string): Asset {
  const it = record(value, where);
  const file = text(it['file'], `${where}.file`);
  if (!/^[\w.-]+$/.test(file)) {
    throw new SnapshotFormatError(`${where}.file is not a file name`);
  }
  return {
    file,
    bytes: count(it['bytes'], `${where}.bytes`),
    compressedBytes: count(it['compressedBytes'], `${where}.compressedBytes`),
    sha256: text(it['sha256'], `${where}.sha256`),
    checksum: count(it['checksum'], `${where}.checksum`),
  };
}

function record(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SnapshotFormatError(`${where} is not an object`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new SnapshotFormatError(`${where} is not a list`);
  }
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new SnapshotFormatError(`${where} is not a text`);
  }
  return value;
}

function count(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new SnapshotFormatError(`${where} is not a count`);
  }
  return value;
}
