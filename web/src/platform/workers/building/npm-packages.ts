import { joinPath } from '@/base/paths';
import type { WorkspaceFiles } from '@/platform/files';
import type { SourceProblem } from '@/protocol';
import type { WorkerFolder } from './worker-folder';

const FILE = 'package.json';
/** The kit is at hand; the compiler is what compiles. */
const AT_HAND = ['@extism/as-pdk', 'assemblyscript'];
const NOT_FOUND = /^File '~lib\/(?<name>(?:@[^/']+\/)?[^/']+?)(?:\.ts|\/[^']*)' not found/;

/** What package.json asks for in vain, as warnings at their lines; paths relative to the worker's folder. */
export async function packagesInVain(files: Pick<WorkspaceFiles, 'get' | 'readText'>, { folder, single }: WorkerFolder): Promise<SourceProblem[]> {
  const path = joinPath(folder, FILE);
  if (single !== null || files.get(path)?.kind !== 'file') return [];
  const text = await files.readText(path);
  return text === null ? [] : dependenciesOf(text).filter((name) => !AT_HAND.includes(name)).map((name) => warning(text, name));
}

/** An import of a package in words that say what to do; any other problem as it is. */
export function explainImport(problem: SourceProblem): SourceProblem {
  const name = NOT_FOUND.exec(problem.message)?.groups?.['name'];
  return name === undefined || AT_HAND.includes(name) ? problem : { ...problem, message: notAtHand(name) };
}

function notAtHand(name: string): string {
  return `The package '${name}' is not at hand: workspaces have no node_modules, and of packages a tab has only @extism/as-pdk. Copy its sources into the folder, or build with "cloche worker build" on your computer.`;
}

function dependenciesOf(text: string): string[] {
  try {
    const { dependencies } = (JSON.parse(text) ?? {}) as { readonly dependencies?: unknown };
    return typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies) : [];
  } catch {
    // nothing is built by it
    return [];
  }
}

function warning(text: string, name: string): SourceProblem {
  const quoted = JSON.stringify(name);
  // behind "dependencies", so that the same name in other lists is not taken
  const at = Math.max(0, text.indexOf(quoted, text.indexOf('"dependencies"') + 1));
  const before = text.slice(0, at).split('\n');
  const column = (before.at(-1) ?? '').length + 1;
  return { severity: 'warning', path: FILE, line: before.length, column, endLine: before.length, endColumn: column + quoted.length, code: '', message: notAtHand(name) };
}
