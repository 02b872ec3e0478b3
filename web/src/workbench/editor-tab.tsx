import type { IDockviewPanelHeaderProps } from 'dockview-react';
import { X } from 'lucide-react';
import { clsx } from 'clsx';
import { useCallback, useState, type MouseEvent } from 'react';
import { nameOf, parentOf } from '@/base/paths';
import { MenuList } from '@/ui/menu';
import { useSelected } from '@/ui/use-value';
import type { FileParams } from './editor-tabs';
import { FileIcon } from './file-icon';
import { useSession } from './workbench-context';

/**
 * A tab with its file's icon and a dot while the server does not have the newest text. The × is for the mouse only: a
 * tab may hold no other control; with the keyboard, Delete on the tab closes it.
 */
export function EditorTab({ api, params }: IDockviewPanelHeaderProps<FileParams>) {
  const { files, tabs } = useSession();
  const { path, isPreview } = params;
  const isDirty = useSelected(files.saveState, useCallback(() => files.isDirty(path), [files, path]));
  const twin = useSelected(tabs.open, useCallback((open: readonly string[]) => open.some((other) => other !== path && nameOf(other) === nameOf(path)), [path]));
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const close = () => api.close();
  return (
    <div
      className="group flex h-full items-center gap-1.5 pr-1 pl-3"
      title={path}
      onDoubleClick={() => tabs.keep(path)}
      onAuxClick={(event: MouseEvent) => {
        if (event.button === 1) close();
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        setMenu({ x: event.clientX, y: event.clientY });
      }}
    >
      <FileIcon name={nameOf(path)} />
      <span className={clsx('max-w-48 truncate', isPreview && 'italic')}>{nameOf(path)}</span>
      {twin && <span className="max-w-24 truncate text-meta text-faint">{parentOf(path) || '/'}</span>}
      <span
        aria-hidden
        title={isDirty ? 'Close (not saved yet)' : 'Close'}
        className="relative flex size-5 cursor-pointer items-center justify-center rounded-row text-faint hover:bg-hover hover:text-fg"
        onPointerDown={(event) => event.stopPropagation()}
        onClick={(event) => {
          event.stopPropagation();
          close();
        }}
      >
        {isDirty && <span className="absolute size-2 rounded-full bg-muted group-hover:opacity-0" />}
        <X size={13} className={clsx('opacity-0 group-hover:opacity-100', !isDirty && '[.dv-active-tab_&]:opacity-100')} />
      </span>
      {menu !== null && (
        <MenuList
          label={`Tab ${nameOf(path)}`}
          at={menu}
          onClose={() => setMenu(null)}
          items={[
            { label: 'Close', onSelect: close },
            { label: 'Close others', onSelect: () => tabs.closeOthers(path) },
            { label: 'Close all', onSelect: () => tabs.closeAll() },
            null,
            { label: 'Keep open', disabled: !isPreview, onSelect: () => tabs.keep(path) },
            { label: 'Split right', onSelect: () => { api.setActive(); tabs.split('right'); } },
            { label: 'Split below', onSelect: () => { api.setActive(); tabs.split('below'); } },
            null,
            { label: 'Copy path', onSelect: () => void navigator.clipboard.writeText(path) },
          ]}
        />
      )}
    </div>
  );
}
