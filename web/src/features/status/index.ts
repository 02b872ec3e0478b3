import { WorkspaceFiles } from '@/platform/files';
import { EditorTabs } from '@/platform/editors';
import { offer, tell } from '@/platform/notifications';
import type { Contribution } from '@/workbench/contribution';
import { EngineNotice } from './engine-notice.view';
import { CursorEntry, EngineEntry, LanguageEntry, ProblemsEntry, PythonEntry, SaveEntry } from './status.view';

/** The status bar's entries, and notices about the engine and about conflicts. */
export const statusContribution: Contribution = {
  id: 'status',
  activate({ services, held, addStatus, addOverlay }) {
    addStatus({ id: 'engine', side: 'left', order: 10, component: EngineEntry });
    addStatus({ id: 'python', side: 'left', order: 20, component: PythonEntry });
    addStatus({ id: 'save', side: 'left', order: 30, component: SaveEntry });
    addStatus({ id: 'problems', side: 'left', order: 40, component: ProblemsEntry });
    addStatus({ id: 'cursor', side: 'right', order: 10, component: CursorEntry });
    addStatus({ id: 'language', side: 'right', order: 20, component: LanguageEntry });
    addOverlay(EngineNotice);
    const tabs = services.get(EditorTabs);
    held.add(
      services.get(WorkspaceFiles).onConflict(({ path, copy }) => {
        if (copy === null) tell(`${path} was changed elsewhere, so it was not deleted.`);
        else offer(`${path} was changed elsewhere`, 'Compare', () => compare(tabs, path, copy), `Your version is kept as ${copy}.`);
      }),
    );
  },
};

/** Theirs at the left, one's own at the right. */
function compare(tabs: EditorTabs, theirs: string, own: string): void {
  tabs.show(theirs, { focus: false });
  tabs.show(own, { split: 'right' });
}
