import { parentOf, pathProblem } from '@/base/paths';
import type { FileTree } from './file-tree';
import { FileProblem } from './file-types';

/** Refuses what no path of a workspace can be. */
export function checkPath(path: string): void {
  const problem = pathProblem(path);
  if (problem !== null) throw new FileProblem(problem);
}

/** Refuses a path at which nothing new can be made: bad, taken up to case, or below a file. */
export function checkNewPath(tree: FileTree, path: string): void {
  checkPath(path);
  const clash = tree.clashOf(path);
  if (clash !== undefined) throw new FileProblem(`${clash.path} exists already.`);
  for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
    if (tree.get(at)?.kind === 'file') throw new FileProblem(`${at} is a file.`);
  }
}
