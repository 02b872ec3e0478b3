import { isBelow, joinPath, parentOf } from '@/base/paths';
import type { WorkspaceFiles } from '@/platform/files';
import { BuildRefusal } from './build-refusal';
import type { WorkerFolder } from './worker-folder';

const MOST_FILES = 1000;
const MOST_BYTES = 8 * 1024 * 1024;
const IMPORT = /\b(?:from|import)\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/**
 * What the compiler of AssemblyScript may ask for, by paths relative to the folder: the folder's files, and those elsewhere
 * in the workspace that they import. Throws {@link BuildRefusal} if that is too much.
 */
export async function gatherSources(files: Pick<WorkspaceFiles, 'get' | 'files' | 'readText'>, { folder, single }: WorkerFolder): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let bytes = 0;
  // a single file has only what it imports: what lies beside it is somebody else's
  const wanted = single === null ? [...files.files()].map(({ path }) => path).filter((path) => isBelow(path, folder) && isSource(path)).sort() : [joinPath(folder, single)];
  const seen = new Set<string>();
  for (let path = wanted.shift(); path !== undefined; path = wanted.shift()) {
    const node = files.get(path);
    if (seen.has(path) || node?.kind !== 'file') continue;
    seen.add(path);
    bytes += node.size;
    if (seen.size > MOST_FILES || bytes > MOST_BYTES) throw new BuildRefusal(`A worker is built from at most ${MOST_FILES} files and ${MOST_BYTES} bytes.`);
    const text = await files.readText(path);
    if (text === null) continue;
    found.set(relative(folder, path), text);
    for (const [, target] of text.matchAll(IMPORT)) {
      const to = resolved(parentOf(path), target ?? '');
      if (to !== null) wanted.push(`${to}.ts`, `${to}/index.ts`, to);
    }
  }
  return found;
}

/** The path of the workspace that a path of the compiler means. */
export function inWorkspace(folder: string, path: string): string {
  return resolved(folder, path) ?? path;
}

function isSource(path: string): boolean {
  return path.endsWith('.ts') || /(^|\/)asconfig[\w.-]*\.json$/.test(path);
}

/** Null where it leads out of the workspace. */
function resolved(folder: string, path: string): string | null {
  const names = folder === '' ? [] : folder.split('/');
  for (const name of path.split('/')) {
    if (name === '..') {
      if (names.pop() === undefined) return null;
    } else if (name !== '.' && name !== '') {
      names.push(name);
    }
  }
  return names.join('/');
}

function relative(folder: string, path: string): string {
  const from = folder === '' ? [] : folder.split('/');
  const to = path.split('/');
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/');
}
