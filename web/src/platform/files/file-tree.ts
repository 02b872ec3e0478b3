import { ancestorsOf, compareNames, isBelow, joinPath, movedPath, nameOf, parentOf } from '@/base/paths';
import type { FileNode } from './file-types';

/** The names of a working copy. Folders above a file exist by themselves. */
export class FileTree {
  private readonly nodes = new Map<string, FileNode>();
  private readonly children = new Map<string, Set<string>>([['', new Set()]]);
  /** By the path with its last name folded: a search through the siblings for each new file would take quadratic time. */
  private readonly folded = new Map<string, string>();
  private readonly sorted = new Map<string, readonly FileNode[]>();

  get(path: string): FileNode | undefined {
    return this.nodes.get(path);
  }

  /** The entry whose name differs from `path` at most in upper and lower case or in the Unicode form. */
  clashOf(path: string): FileNode | undefined {
    const known = this.folded.get(foldedPath(path));
    return known === undefined ? undefined : this.nodes.get(known);
  }

  /** Folders first, then by name. */
  childrenOf(folder: string): readonly FileNode[] {
    const known = this.sorted.get(folder);
    if (known !== undefined) return known;
    const nodes = [...(this.children.get(folder) ?? [])].map((path) => this.nodes.get(path)).filter((node) => node !== undefined);
    nodes.sort((a, b) => (a.kind === b.kind ? compareNames(nameOf(a.path), nameOf(b.path)) : a.kind === 'folder' ? -1 : 1));
    this.sorted.set(folder, nodes);
    return nodes;
  }

  *all(kind: FileNode['kind']): Iterable<FileNode> {
    for (const node of this.nodes.values()) if (node.kind === kind) yield node;
  }

  /** Everything at and below a path, the path itself first. */
  subtree(path: string): FileNode[] {
    const top = this.nodes.get(path);
    const result = top === undefined ? [] : [top];
    for (const child of this.children.get(path) ?? []) result.push(...this.subtree(child));
    return result;
  }

  /** Gives whether the names changed (not only size or revision). */
  put(node: FileNode): boolean {
    for (const folder of ancestorsOf(node.path)) this.insert(folder, { path: folder, kind: 'folder', size: 0, revision: 0 }, false);
    return this.insert(node.path, node, true);
  }

  remove(path: string): FileNode[] {
    const removed = this.subtree(path);
    for (const node of removed) {
      this.nodes.delete(node.path);
      const key = foldedPath(node.path);
      if (this.folded.get(key) === node.path) this.folded.delete(key);
      this.children.delete(node.path);
      this.sorted.delete(node.path);
    }
    const parent = parentOf(path);
    this.children.get(parent)?.delete(path);
    this.sorted.delete(parent);
    return removed;
  }

  move(path: string, to: string): void {
    for (const node of this.remove(path)) {
      this.put({ ...node, path: movedPath(node.path, path, to) ?? to });
    }
  }

  /** Whether `folder` can take something that is now at `path`. */
  static canMoveInto(path: string, folder: string): boolean {
    return path !== folder && !isBelow(folder, path) && parentOf(path) !== folder;
  }

  private insert(path: string, node: FileNode, replace: boolean): boolean {
    const before = this.nodes.get(path);
    if (before !== undefined && (!replace || (before.kind === node.kind && before.size === node.size && before.revision === node.revision))) return false;
    this.nodes.set(path, node);
    if (before === undefined) this.folded.set(foldedPath(path), path);
    const parent = parentOf(path);
    let siblings = this.children.get(parent);
    if (siblings === undefined) this.children.set(parent, (siblings = new Set()));
    siblings.add(path);
    if (node.kind === 'folder' && !this.children.has(path)) this.children.set(path, new Set());
    this.sorted.delete(parent);
    return before?.kind !== node.kind;
  }
}

function foldedPath(path: string): string {
  return joinPath(parentOf(path), nameOf(path).normalize('NFC').toLowerCase());
}
