import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { FilePlus, FileUp, FolderPlus, FolderUp, ListCollapse } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type DragEvent } from 'react';
import { tellFailure } from '@/platform/notifications';
import { Button, IconButton } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { MenuList } from '@/ui/menu';
import { EmptyState } from '@/ui/states';
import { useValue } from '@/ui/use-value';
import { SideHeader } from '@/workbench/side-area';
import type { ExplorerModel } from './explorer-model';
import { fromDrop } from './transfer';
import { rowHeight, rowId, TreeRow } from './tree-row';
import { treeKey } from './tree-keys';
import { menuItems, type ExplorerActions } from './tree-menu';

const dragType = 'application/x-cloche-paths';

function dragOver(event: DragEvent, folder: string, model: ExplorerModel): void {
  const { types } = event.dataTransfer;
  if (!types.includes(dragType) && !types.includes('Files')) return;
  event.preventDefault();
  event.stopPropagation();
  event.dataTransfer.dropEffect = types.includes(dragType) ? 'move' : 'copy';
  model.setDropFolder(folder);
}

function dropInto(event: DragEvent, folder: string, model: ExplorerModel, actions: ExplorerActions): void {
  event.preventDefault();
  event.stopPropagation();
  model.setDropFolder(null);
  const own = event.dataTransfer.getData(dragType);
  if (own !== '') model.moveInto(JSON.parse(own) as string[], folder);
  else fromDrop(event.dataTransfer).then((incoming) => actions.take(folder, incoming), (error: unknown) => tellFailure('What was dropped could not be read', error));
}

/** The workspace's files as a tree. */
export function createExplorerView(model: ExplorerModel, actions: ExplorerActions) {
  return function ExplorerView() {
    useValue(model.files.treeVersion);
    const { naming, dropFolder } = useValue(model.state);
    const isEmpty = model.isEmpty && naming === null;
    return (
      <>
        <SideHeader title="Files">
          <IconButton small label="New file" onClick={() => model.beginNaming('file')}><FilePlus size={14} /></IconButton>
          <IconButton small label="New folder" onClick={() => model.beginNaming('folder')}><FolderPlus size={14} /></IconButton>
          <IconButton small label="Upload files" onClick={() => actions.chooseFiles(model.targetFolder())}><FileUp size={14} /></IconButton>
          <IconButton small label="Upload folder" onClick={() => actions.chooseFolder(model.targetFolder())}><FolderUp size={14} /></IconButton>
          <IconButton small label="Collapse all folders" onClick={() => model.collapseAll()}><ListCollapse size={14} /></IconButton>
        </SideHeader>
        {isEmpty ? (
          <div
            className={dropFolder === '' ? 'min-h-0 flex-1 bg-accent-soft' : 'min-h-0 flex-1'}
            onDragOver={(event) => dragOver(event, '', model)}
            onDragLeave={() => model.setDropFolder(null)}
            onDrop={(event) => dropInto(event, '', model, actions)}
          >
            <EmptyState icon={<FilePlus size={20} aria-hidden />} title="No files yet" action={<Button small onClick={() => model.beginNaming('file')}>New file</Button>}>
              Make one, or drop files from your desktop here.
            </EmptyState>
          </div>
        ) : (
          <Tree model={model} actions={actions} />
        )}
        <Confirmation model={model} />
      </>
    );
  };
}

function Tree({ model, actions }: { readonly model: ExplorerModel; readonly actions: ExplorerActions }) {
  const state = useValue(model.state);
  const version = useValue(model.files.treeVersion);
  useValue(model.files.saveState);
  const { expanded, naming, selected, focused, dropFolder } = state;
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the version stands for the tree
  const rows = useMemo(() => model.rows(), [model, version, expanded, naming]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 });
  const [menu, setMenu] = useState<{ x: number; y: number; path: string | null } | null>(null);
  const focusedAt = rows.findIndex((row) => row.path === focused);

  useEffect(() => {
    if (focusedAt >= 0) virtual.scrollToIndex(focusedAt);
  }, [focusedAt, virtual]);

  const drop = (event: DragEvent, folder: string) => dropInto(event, folder, model, actions);
  const over = (event: DragEvent, folder: string) => dragOver(event, folder, model);

  return (
    <div
      ref={scroller}
      role="tree"
      tabIndex={0}
      aria-label="Files"
      aria-multiselectable
      aria-activedescendant={focusedAt >= 0 && focused !== null ? rowId(focused) : undefined}
      className={clsx('group/tree min-h-0 flex-1 overflow-auto outline-none focus-visible:outline-0', dropFolder === '' && 'bg-accent-soft')}
      onKeyDown={(event) => treeKey(event, rows, model, actions)}
      onContextMenu={(event) => {
        event.preventDefault();
        setMenu({ x: event.clientX, y: event.clientY, path: null });
      }}
      onDragOver={(event) => over(event, '')}
      onDragLeave={() => model.setDropFolder(null)}
      onDrop={(event) => drop(event, '')}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize() }} className="relative">
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const folder = model.targetFolder(row.path);
          return (
            <div key={row.path} role="presentation" className="absolute inset-x-0" style={{ top: item.start }}>
              <TreeRow
                row={row}
                isSelected={selected.has(row.path)}
                isFocused={row.path === focused}
                isDropTarget={dropFolder !== null && dropFolder !== '' && (row.path === dropFolder || row.path.startsWith(`${dropFolder}/`))}
                isDirty={row.kind === 'file' && model.files.isDirty(row.path)}
                isNaming={row.isNew || (naming?.kind === 'rename' && naming.path === row.path)}
                nameProblem={(name) => model.nameProblem(name)}
                onName={(name) => {
                  model.endNaming(name);
                  scroller.current?.focus();
                }}
                onClick={(event) => {
                  model.select(row.path, event.ctrlKey || event.metaKey ? 'toggle' : event.shiftKey ? 'range' : 'only');
                  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                  if (row.kind === 'folder') model.setExpanded(row.path, !row.isExpanded);
                  else model.tabs.show(row.path, { preview: true, focus: false });
                }}
                onDoubleClick={() => {
                  if (row.kind === 'file') model.tabs.show(row.path);
                }}
                onContextMenu={(event) => {
                  event.preventDefault();
                  event.stopPropagation();
                  if (!selected.has(row.path)) model.select(row.path);
                  setMenu({ x: event.clientX, y: event.clientY, path: row.path });
                }}
                onDragStart={(event) => {
                  event.dataTransfer.setData(dragType, JSON.stringify(model.affected(row.path)));
                  event.dataTransfer.effectAllowed = 'move';
                }}
                onDragEnd={() => model.setDropFolder(null)}
                onDragOver={(event) => over(event, folder)}
                onDrop={(event) => drop(event, folder)}
              />
            </div>
          );
        })}
      </div>
      {menu !== null && <MenuList label="Files" at={menu} items={menuItems(menu.path, model, actions)} onClose={() => setMenu(null)} />}
    </div>
  );
}

function Confirmation({ model }: { readonly model: ExplorerModel }) {
  const question = useValue(model.question);
  if (question === null) return null;
  const close = () => model.question.set(null);
  return (
    <Dialog
      title={question.title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            look={question.isDanger ? 'danger' : 'primary'}
            autoFocus
            onClick={() => {
              close();
              question.run();
            }}
          >
            {question.confirm}
          </Button>
        </>
      }
    >
      <p className="text-muted">{question.text}</p>
    </Dialog>
  );
}
