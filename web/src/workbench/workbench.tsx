import { ActivityRail } from './activity-rail';
import { EditorArea } from './editor-area';
import { PanelArea } from './panel-area';
import { SideArea } from './side-area';
import { StatusBar } from './status-bar';
import { useSession } from './workbench-context';
import { WorkbenchHeader } from './workbench-header';

/** The window of an open workspace. */
export function Workbench() {
  const { overlays } = useSession();
  return (
    <div className="flex h-dvh flex-col overflow-hidden bg-bg">
      <WorkbenchHeader />
      <div className="relative flex min-h-0 flex-1">
        <ActivityRail />
        <SideArea />
        <main className="flex min-w-0 flex-1 flex-col">
          <div className="min-h-0 flex-1">
            <EditorArea />
          </div>
          <PanelArea />
        </main>
      </div>
      <StatusBar />
      {overlays.map((Overlay, index) => (
        // eslint-disable-next-line react/no-array-index-key -- the list never changes while the workspace is open
        <Overlay key={index} />
      ))}
    </div>
  );
}
