import { isBelow } from '@/base/paths';
import type { CompiledScripts, ScriptFault } from '@/editor';
import type { WorkspaceFiles } from '@/platform/files';

const MOST_FILES = 200;

/** TypeScript that cannot be made JavaScript; nothing was written. */
export class ScriptProblem extends Error {
  constructor(readonly faults: readonly ScriptFault[]) {
    const [first] = faults;
    super(first === undefined ? '' : `${first.path}:${first.line}: ${first.message}${faults.length > 1 ? ` And ${faults.length - 1} more.` : ''}`);
  }
}

/**
 * Writes the JavaScript of the TypeScript in a folder of pages, beside each file. Left alone are folders with a package.json, which
 * have a build of their own, and scripts that somebody wrote himself.
 */
export async function makeScripts(files: WorkspaceFiles, folder: string, compile: (sources: ReadonlyMap<string, string>) => Promise<CompiledScripts>): Promise<void> {
  const inside = (path: string) => folder === '' || isBelow(path, folder);
  const paths = [...files.files()].map(({ path }) => path).filter((path) => inside(path) && path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.includes('node_modules/'));
  if (paths.length === 0 || paths.length > MOST_FILES || files.get(folder === '' ? 'package.json' : `${folder}/package.json`) !== undefined) return;
  const sources = new Map<string, string>();
  for (const path of paths) {
    const present = await read(files, path.replace(/\.ts$/, '.js'));
    const text = present === null || present.startsWith(MARK) ? await read(files, path) : null;
    if (text !== null) sources.set(path, text);
  }
  if (sources.size === 0) return;
  const { scripts, faults } = await compile(sources);
  if (faults.length > 0) throw new ScriptProblem(faults);
  for (const [path, text] of scripts) {
    const target = path.replace(/\.ts$/, '.js');
    const script = `${MARK}${path.slice(path.lastIndexOf('/') + 1)} by Publish; change that file.\n${text.replaceAll('\r\n', '\n')}`;
    if ((await read(files, target)) !== script) files.write(target, script, 'explorer');
  }
}

const MARK = '// Made of ';

function read(files: WorkspaceFiles, path: string): Promise<string | null> {
  return files.get(path)?.kind === 'file' ? files.readText(path) : Promise.resolve(null);
}
