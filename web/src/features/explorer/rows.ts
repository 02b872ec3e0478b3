import { joinPath, parentOf } from '@/base/paths';
import type { FileNode, WorkspaceFiles } from '@/platform/files';

/** A line of the tree that is drawn: an entry, or the field for a name that is being typed. */
export interface Row {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  readonly isExpanded: boolean;
  /** A new entry that has no name yet. */
  readonly isNew: boolean;
}

/** A name that is being typed: of an entry that exists, or of a new one in `folder`. */
export type Naming = { readonly kind: 'rename'; readonly path: string } | { readonly kind: 'file' | 'folder'; readonly folder: string };

/** What the platform keeps in a workspace for itself, as the lock of its packages. */
const ownFolder = '.cloche';
const newName = '\u0000new';

/** The entries of a folder that a person sees. */
export function shownIn(files: Pick<WorkspaceFiles, 'childrenOf'>, folder: string): readonly FileNode[] {
  const nodes = files.childrenOf(folder);
  return folder === '' ? nodes.filter((node) => node.path !== ownFolder) : nodes;
}

/** The visible part of the tree, from top to bottom. */
export function visibleRows(files: Pick<WorkspaceFiles, 'childrenOf'>, expanded: ReadonlySet<string>, naming: Naming | null): Row[] {
  const rows: Row[] = [];
  const add = (folder: string, level: number) => {
    const children: readonly FileNode[] = shownIn(files, folder);
    if (naming !== null && naming.kind !== 'rename' && naming.folder === folder) {
      rows.push({ path: joinPath(folder, newName), kind: naming.kind, level, position: 1, siblings: children.length + 1, isExpanded: false, isNew: true });
    }
    children.forEach((node, index) => {
      const isExpanded = node.kind === 'folder' && expanded.has(node.path);
      rows.push({ path: node.path, kind: node.kind, level, position: index + 1, siblings: children.length, isExpanded, isNew: false });
      if (isExpanded) add(node.path, level + 1);
    });
  };
  add('', 1);
  return rows;
}

/** The paths without those that lie below another one of them. */
export function topmost(paths: Iterable<string>): string[] {
  const all = new Set(paths);
  return [...all].filter((path) => {
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) if (all.has(at)) return false;
    return true;
  });
}
