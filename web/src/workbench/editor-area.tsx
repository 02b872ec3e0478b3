import 'dockview-react/dist/styles/dockview.css';
import './dock.css';
import { DockviewReact, type DockviewReadyEvent, type IDockviewHeaderActionsProps, type IDockviewPanelProps } from 'dockview-react';
import { Columns2 } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState, type KeyboardEvent } from 'react';
import { IconButton } from '@/ui/button';
import { EditorTab } from './editor-tab';
import type { FileParams } from './editor-tabs';
import { useSession } from './workbench-context';
import { Welcome } from './welcome';
import type { WorkspaceSession } from './workspace-session';

const theme = { name: 'cloche', className: 'dockview-theme-light dock', dndTabIndicator: 'line' } as const;

/** The open files: groups of tabs that can be split and dragged. */
export function EditorArea() {
  const session = useSession();
  const onReady = useCallback((event: DockviewReadyEvent) => session.dockReady(event.api), [session]);
  const components = useMemo(() => ({ file: FilePanel }), []);
  return (
    <div role="presentation" className="h-full" onKeyDown={(event) => closeByKey(event, session)}>
      <DockviewReact
        theme={theme}
        components={components}
        defaultTabComponent={EditorTab}
        watermarkComponent={Welcome}
        rightHeaderActionsComponent={GroupActions}
        disableFloatingGroups
        onReady={onReady}
      />
    </div>
  );
}

/** Delete on a tab closes it. */
function closeByKey(event: KeyboardEvent, session: WorkspaceSession): void {
  const panel = event.key === 'Delete' && event.target instanceof HTMLElement && event.target.role === 'tab' ? event.target.dataset['tabPanelId'] : undefined;
  if (panel !== undefined) session.tabs.closePanel(panel);
}

function FilePanel({ api, params }: IDockviewPanelProps<FileParams>) {
  const session = useSession();
  const [isVisible, setVisible] = useState(api.isVisible);
  const [groupId, setGroupId] = useState(api.group.id);
  useEffect(() => {
    const listeners = [api.onDidVisibilityChange((event) => setVisible(event.isVisible)), api.onDidGroupChange(() => setGroupId(api.group.id))];
    return () => listeners.forEach((listener) => listener.dispose());
  }, [api]);
  const Content = session.fileComponent;
  return Content === null ? null : <Content path={params.path} groupId={groupId} isVisible={isVisible} />;
}

function GroupActions({ api }: IDockviewHeaderActionsProps) {
  const session = useSession();
  return (
    <div className="flex h-full items-center px-1">
      <IconButton
        small
        label="Split editor right"
        onClick={() => {
          api.setActive();
          session.tabs.split('right');
        }}
      >
        <Columns2 size={14} />
      </IconButton>
    </div>
  );
}
