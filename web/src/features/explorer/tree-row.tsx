import { clsx } from 'clsx';
import { ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent, type MouseEvent } from 'react';
import { nameOf } from '@/base/paths';
import { FileIcon, FolderIcon } from '@/workbench/file-icon';
import type { Row } from './rows';

interface TreeRowProps {
  readonly row: Row;
  readonly isSelected: boolean;
  readonly isFocused: boolean;
  readonly isDropTarget: boolean;
  readonly isDirty: boolean;
  readonly isNaming: boolean;
  readonly nameProblem: (name: string) => string | null;
  readonly onName: (name: string | null) => void;
  readonly onClick: (event: MouseEvent) => void;
  readonly onDoubleClick: () => void;
  readonly onContextMenu: (event: MouseEvent) => void;
  readonly onDragStart: (event: DragEvent) => void;
  readonly onDragEnd: () => void;
  readonly onDragOver: (event: DragEvent) => void;
  readonly onDrop: (event: DragEvent) => void;
}

export const rowHeight = 24;

/** A file or folder of the tree. The focus stays on the tree; this row is its active descendant. */
export function TreeRow({ row, isSelected, isFocused, isDropTarget, isDirty, isNaming, nameProblem, onName, ...handlers }: TreeRowProps) {
  const name = row.isNew ? '' : nameOf(row.path);
  const isFolder = row.kind === 'folder';
  return (
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- keys are handled by the tree, which has the focus
    <div
      id={rowId(row.path)}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={isSelected}
      aria-expanded={isFolder ? row.isExpanded : undefined}
      aria-label={`${name}${isDirty ? ', not saved yet' : ''}`}
      draggable={!isNaming}
      style={{ height: rowHeight, paddingLeft: 6 + (row.level - 1) * 12 }}
      className={clsx(
        'flex items-center gap-1.5 pr-2 whitespace-nowrap',
        isDropTarget ? 'bg-accent-soft' : isSelected ? 'bg-hover text-fg' : 'text-muted hover:bg-hover hover:text-fg',
        isFocused && 'outline-accent group-focus-visible/tree:outline-2 group-focus-visible/tree:-outline-offset-2',
      )}
      {...handlers}
    >
      <ChevronRight size={13} aria-hidden className={clsx('shrink-0 text-faint transition-transform duration-100', row.isExpanded && 'rotate-90', !isFolder && 'invisible')} />
      {isFolder ? <FolderIcon isOpen={row.isExpanded} /> : <FileIcon name={name} />}
      {isNaming ? <NameField initial={name} isFolder={isFolder} nameProblem={nameProblem} onName={onName} /> : <span className="truncate">{name}</span>}
      {isDirty && !isNaming && <span aria-hidden className="ml-auto size-1.5 shrink-0 rounded-full bg-faint" />}
    </div>
  );
}

interface NameFieldProps {
  readonly initial: string;
  readonly isFolder: boolean;
  readonly nameProblem: (name: string) => string | null;
  readonly onName: (name: string | null) => void;
}

function NameField({ initial, isFolder, nameProblem, onName }: NameFieldProps) {
  const [name, setName] = useState(initial);
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    const end = isFolder ? -1 : initial.lastIndexOf('.');
    input.current?.focus();
    input.current?.setSelectionRange(0, end > 0 ? end : initial.length);
  }, [initial, isFolder]);
  const problem = name === '' || name === initial ? null : nameProblem(name);
  const finish = (result: string | null) => {
    if (done.current) return;
    done.current = true;
    onName(result);
  };
  return (
    <span className="relative min-w-0 flex-1">
      <input
        ref={input}
        aria-label={initial === '' ? `Name of the new ${isFolder ? 'folder' : 'file'}` : `New name of ${initial}`}
        aria-invalid={problem !== null}
        value={name}
        spellCheck={false}
        onChange={(event) => setName(event.target.value)}
        onClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          // the file that opens must not get this key
          event.preventDefault();
          if (event.key === 'Escape') finish(null);
          else if (problem === null) finish(name);
        }}
        onBlur={() => finish(problem === null ? name : null)}
        className={clsx('h-5 w-full rounded-row border bg-surface px-1 text-fg focus-visible:outline-0', problem === null ? 'border-accent' : 'border-err')}
      />
      {problem !== null && <span role="alert" className="absolute top-full left-0 z-20 mt-0.5 rounded-row border border-err bg-raised px-2 py-0.5 text-meta text-err">{problem}</span>}
    </span>
  );
}

export function rowId(path: string): string {
  return `tree-${encodeURIComponent(path)}`;
}
