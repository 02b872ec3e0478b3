import { endingOf, isBelow, joinPath, nameOf, parentOf } from '@/base/paths';
import type { WorkspaceFiles } from '@/platform/files';

export type WorkerLanguage = 'assemblyscript' | 'c' | 'rust';

/** A folder of the workspace with the sources of a worker. */
export interface WorkerFolder {
  readonly folder: string;
  readonly language: WorkerLanguage;
  /** The file that the compiler begins with where the worker is a single file of AssemblyScript. */
  readonly single: string | null;
}

type Tree = Pick<WorkspaceFiles, 'get' | 'childrenOf' | 'files'>;

const C_FILE = /\.(c|cc|cpp|cxx)$/;
const C_HEADER = /\.(h|hh|hpp|hxx)$/;
const KIT = /['"]@extism\/as-pdk(\/[\w/]+)?['"]|@external\(\s*['"]extism:host\/env['"]/;

/** A worker as it is published: one module, or a bundle. */
export function isWorkerFile(path: string): boolean {
  return ['.wasm', '.worker'].includes(endingOf(path));
}

/** Whether a TypeScript file is AssemblyScript: by where it lies, or by what it imports. */
export function isAssemblyScript(files: Tree, path: string, text: string): boolean {
  if (!path.endsWith('.ts') || path.endsWith('.d.ts')) return false;
  for (let at = parentOf(path); ; at = parentOf(at)) {
    if (hasFile(files, at, 'asconfig.json') || (hasFile(files, at, 'assembly/index.ts') && isBelow(path, joinPath(at, 'assembly')))) return true;
    if (at === '') return KIT.test(text);
  }
}

/** Whether a file is a part of a worker that can be built. */
export function isOfWorker(files: Tree, path: string, text: string): boolean {
  if (C_FILE.test(path) || C_HEADER.test(path)) return true;
  if (path.endsWith('.ts')) return isAssemblyScript(files, path, text);
  if (['worker.json', 'asconfig.json', 'Cargo.toml'].includes(nameOf(path)) || path.endsWith('.rs')) return folderAbove(files, path) !== null;
  return false;
}

/**
 * The worker that a file or folder belongs to: the nearest folder above with a worker.json or the sources' own description,
 * else the file itself. Null if there is nothing to build.
 */
export function workerFolder(files: Tree, path: string): WorkerFolder | null {
  const above = folderAbove(files, path);
  if (path.endsWith('.ts') && above?.language !== 'assemblyscript') return { folder: parentOf(path), language: 'assemblyscript', single: nameOf(path) };
  if (above !== null && (above.language === 'c' || !(C_FILE.test(path) || C_HEADER.test(path)))) return above;
  if (C_FILE.test(path) || C_HEADER.test(path)) {
    const folder = nameOf(parentOf(path)) === 'src' ? parentOf(parentOf(path)) : parentOf(path);
    return languageOf(files, folder) === 'c' ? { folder, language: 'c', single: null } : null;
  }
  return above;
}

/** All folders with a worker.json that has something to build, by their paths. */
export function workerFolders(files: Tree): readonly WorkerFolder[] {
  return [...files.files()]
    .filter(({ path }) => nameOf(path) === 'worker.json')
    .flatMap(({ path }) => folderAbove(files, parentOf(path)) ?? [])
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

function folderAbove(files: Tree, path: string): WorkerFolder | null {
  for (let at = files.get(path)?.kind === 'folder' || path === '' ? path : parentOf(path); ; at = parentOf(at)) {
    if (['worker.json', 'asconfig.json', 'assembly/index.ts', 'Cargo.toml'].some((name) => hasFile(files, at, name))) {
      const language = languageOf(files, at);
      if (language !== null) return { folder: at, language, single: null };
    }
    if (at === '') return null;
  }
}

/** The same order as `cloche worker build` has. */
function languageOf(files: Tree, folder: string): WorkerLanguage | null {
  if (hasFile(files, folder, 'Cargo.toml')) return 'rust';
  if (hasFile(files, folder, 'assembly/index.ts') || hasFile(files, folder, 'asconfig.json')) return 'assemblyscript';
  return [folder, joinPath(folder, 'src')].some((at) => files.childrenOf(at).some(({ kind, path }) => kind === 'file' && C_FILE.test(path))) ? 'c' : null;
}

function hasFile(files: Tree, folder: string, name: string): boolean {
  return files.get(joinPath(folder, name))?.kind === 'file';
}
